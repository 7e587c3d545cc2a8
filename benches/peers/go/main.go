// The workloads in Go: a goroutine for each actor, a buffered channel as its mailbox. Called with a
// workload and its size; prints `RESULT workload nanoseconds check`.
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

const cap_ = 128

func argn(d int) int {
	if len(os.Args) > 2 {
		v, _ := strconv.Atoi(os.Args[2])
		return v
	}
	return d
}

type rng uint64

func (r *rng) next() uint64 {
	x := uint64(*r)
	x ^= x << 13
	x ^= x >> 7
	x ^= x << 17
	*r = rng(x)
	return x
}

func mix(x uint64) uint64 {
	x = x*6364136223846793005 + 1442695040888963407
	return x ^ (x >> 29)
}

func pingpong(n int) uint64 {
	type msg struct{ v uint64 }
	a, b := make(chan msg, 1), make(chan msg, 1)
	done := make(chan uint64)
	go func() { // pong
		for m := range a {
			b <- msg{m.v + 1}
		}
		close(b)
	}()
	go func() { // ping
		var v uint64
		for i := 0; i < n; i++ {
			a <- msg{v}
			v = (<-b).v
		}
		close(a)
		done <- v
	}()
	return <-done
}

func threadring(n int) uint64 {
	const k = 100
	cs := make([]chan int, k)
	for i := range cs {
		cs[i] = make(chan int, 1)
	}
	done := make(chan uint64)
	for i := range cs {
		in, out, id := cs[i], cs[(i+1)%k], i
		go func() {
			for m := range in {
				if m == 0 {
					done <- uint64(id)
					return
				}
				out <- m - 1
			}
		}()
	}
	cs[0] <- n
	return <-done
}

func counting(n int) uint64 {
	type msg struct {
		get   bool
		reply chan uint64
	}
	c := make(chan msg, cap_)
	done := make(chan uint64)
	go func() {
		var k uint64
		for m := range c {
			if m.get {
				m.reply <- k
				return
			}
			k++
		}
	}()
	go func() {
		for i := 0; i < n; i++ {
			c <- msg{}
		}
		c <- msg{true, done}
	}()
	return <-done
}

func fjthroughput(n int) uint64 {
	const k = 60
	cs := make([]chan uint64, k)
	done := make(chan uint64, k)
	for i := range cs {
		cs[i] = make(chan uint64, cap_)
		in := cs[i]
		go func() {
			var s uint64
			for c := 0; c < n; c++ {
				s += mix(<-in)
			}
			done <- s
		}()
	}
	for m := 0; m < n; m++ {
		for i := range cs {
			cs[i] <- uint64(m)
		}
	}
	var s uint64
	for range cs {
		s += <-done
	}
	return s
}

func work(x uint64) uint64 {
	for i := 0; i < 25000; i++ {
		x = mix(x)
	}
	return x
}

func coarse(n int) uint64 {
	const k = 64
	cs := make([]chan uint64, k)
	done := make(chan uint64, k)
	for i := range cs {
		cs[i] = make(chan uint64, cap_)
		in := cs[i]
		go func() {
			var s uint64
			for c := 0; c < n; c++ {
				s += work(<-in)
			}
			done <- s
		}()
	}
	for m := 0; m < n; m++ {
		for i := range cs {
			cs[i] <- uint64(m)
		}
	}
	var s uint64
	for range cs {
		s += <-done
	}
	return s
}

func fjcreate(n int) uint64 {
	var tot uint64
	for r := 0; r < 5; r++ {
		coll := make(chan uint64, cap_)
		res := make(chan uint64)
		go func() {
			var s uint64
			for i := 0; i < n; i++ {
				s += <-coll
			}
			res <- s
		}()
		for i := 0; i < n; i++ {
			in := make(chan uint64, 1)
			go func() { coll <- (<-in)&1 + 1 }()
			in <- uint64(i)
		}
		tot += <-res
	}
	return tot
}

type bigmsg struct {
	from int
	pong bool
}

func big(k int) uint64 {
	const n = 120
	cs := make([]chan bigmsg, n)
	for i := range cs {
		cs[i] = make(chan bigmsg, 128)
	}
	sink := make(chan uint64)
	quit := make(chan struct{})
	for i := range cs {
		id := i
		go func() {
			r := rng(id*7919 + 12345)
			me := cs[id]
			send := func() {
				t := int(r.next() % n)
				cs[t] <- bigmsg{id, false}
			}
			cnt := 0
			send()
			for {
				m := <-me
				if m.from < 0 {
					return
				}
				if m.pong {
					cnt++
					if cnt < k {
						send()
					} else {
						sink <- uint64(cnt)
					}
				} else {
					cs[m.from] <- bigmsg{id, true}
				}
			}
		}()
	}
	var s uint64
	for i := 0; i < n; i++ {
		s += <-sink
	}
	for i := range cs {
		cs[i] <- bigmsg{-1, false}
	}
	close(quit)
	return s
}

type chmsg struct {
	kind  int // 0 meet, 1 change, 2 exit
	color int
	from  chan chmsg
}

func complement(a, b int) int {
	if a == b {
		return a
	}
	return 3 - a - b
}

func chameneos(n int) uint64 {
	const k = 100
	mall := make(chan chmsg, 256)
	done := make(chan uint64)
	go func() {
		left := n
		var wait chan chmsg
		var wcol int
		for exits := 0; exits < k; {
			m := <-mall
			if left == 0 {
				m.from <- chmsg{kind: 2}
				exits++
				if wait != nil {
					wait <- chmsg{kind: 2}
					wait = nil
					exits++
				}
				continue
			}
			if wait == nil {
				wait, wcol = m.from, m.color
			} else {
				_ = wcol
				wait <- m
				wait = nil
				left--
			}
		}
	}()
	for i := 0; i < k; i++ {
		color := i % 3
		go func() {
			me := make(chan chmsg, 4)
			var meets uint64
			mall <- chmsg{0, color, me}
			for m := range me {
				switch m.kind {
				case 0:
					color = complement(color, m.color)
					meets++
					m.from <- chmsg{1, color, nil}
					mall <- chmsg{0, color, me}
				case 1:
					color = m.color
					meets++
					mall <- chmsg{0, color, me}
				default:
					done <- meets
					return
				}
			}
		}()
	}
	var s uint64
	for i := 0; i < k; i++ {
		s += <-done
	}
	return s
}

type dreq struct {
	write bool
	key   uint32
	val   uint32
	reply chan uint32
}

func dict(n int) uint64 {
	const w = 20
	d := make(chan dreq, cap_)
	go func() {
		m := make(map[uint32]uint32, 65536)
		for i := uint32(0); i < 65536; i++ {
			m[i] = i
		}
		for q := range d {
			if q.write {
				m[q.key] = q.val
				q.reply <- q.val
			} else {
				q.reply <- m[q.key]
			}
		}
	}()
	done := make(chan uint64)
	for i := 0; i < w; i++ {
		id := i
		go func() {
			r := rng(id*7919 + 12345)
			rep := make(chan uint32, 1)
			for c := 0; c < n; c++ {
				x := r.next()
				d <- dreq{(x>>32)%100 < 10, uint32(x) & 65535, uint32(x) & 65535, rep}
				<-rep
			}
			done <- uint64(n)
		}()
	}
	var s uint64
	for i := 0; i < w; i++ {
		s += <-done
	}
	close(d)
	return s
}

func dictrw(n int) uint64 { // shared map under sync.RWMutex, no messages
	const w = 20
	m := make(map[uint32]uint32, 65536)
	for i := uint32(0); i < 65536; i++ {
		m[i] = i
	}
	var mu sync.RWMutex
	done := make(chan uint64)
	for i := 0; i < w; i++ {
		id := i
		go func() {
			r := rng(id*7919 + 12345)
			for c := 0; c < n; c++ {
				x := r.next()
				if (x>>32)%100 < 10 {
					mu.Lock()
					m[uint32(x)&65535] = uint32(x) & 65535
					mu.Unlock()
				} else {
					mu.RLock()
					_ = m[uint32(x)&65535]
					mu.RUnlock()
				}
			}
			done <- uint64(n)
		}()
	}
	var s uint64
	for i := 0; i < w; i++ {
		s += <-done
	}
	return s
}

func sieve(limit int) uint64 {
	done := make(chan uint64)
	var stage func(in chan int, idx uint64)
	stage = func(in chan int, idx uint64) {
		p := <-in
		if p < 0 {
			done <- idx
			return
		}
		var out chan int
		for v := range in {
			if v < 0 {
				if out == nil {
					done <- idx + 1
				} else {
					out <- v
				}
				return
			}
			if v%p != 0 {
				if out == nil {
					out = make(chan int, cap_)
					go stage(out, idx+1)
				}
				out <- v
			}
		}
	}
	first := make(chan int, cap_)
	go stage(first, 0)
	for i := 2; i <= limit; i++ {
		first <- i
	}
	first <- -1
	return <-done
}

func pipeline(n int) uint64 {
	cs := make([]chan uint64, 5)
	for i := range cs {
		cs[i] = make(chan uint64, cap_)
	}
	for i := 0; i < 4; i++ {
		in, out := cs[i], cs[i+1]
		go func() {
			for v := range in {
				out <- mix(v)
			}
			close(out)
		}()
	}
	done := make(chan uint64)
	go func() {
		var s uint64
		for v := range cs[4] {
			s += v
		}
		done <- s
	}()
	go func() {
		for i := 0; i < n; i++ {
			cs[0] <- uint64(i)
		}
		close(cs[0])
	}()
	return <-done
}

func fibactor(n int, parent chan uint64) {
	if n <= 2 {
		parent <- 1
		return
	}
	me := make(chan uint64, 2)
	go fibactor(n-1, me)
	go fibactor(n-2, me)
	parent <- <-me + <-me
}

func fib(n int) uint64 {
	var s uint64
	for r := 0; r < 5; r++ {
		c := make(chan uint64, 1)
		go fibactor(n, c)
		s += <-c
	}
	return s
}

type slist struct{ b [1024][]uint32 }

func (s *slist) insert(v uint32) {
	k := v >> 22
	l := s.b[k]
	i, _ := slices.BinarySearch(l, v)
	s.b[k] = slices.Insert(l, i, v)
}
func (s *slist) check() uint64 {
	var n uint64
	for _, l := range s.b {
		if !slices.IsSorted(l) {
			panic("unsorted")
		}
		n += uint64(len(l))
	}
	return n
}

func sortedlist(n int) uint64 {
	type msg struct {
		v     uint32
		get   bool
		reply chan uint64
	}
	var tot uint64
	for r := 0; r < 10; r++ {
		c := make(chan msg, cap_)
		go func() {
			s := &slist{}
			for m := range c {
				if m.get {
					m.reply <- s.check()
					return
				}
				s.insert(m.v)
			}
		}()
		var wg sync.WaitGroup
		for p := 0; p < 5; p++ {
			wg.Add(1)
			id := p
			go func() {
				g := rng(id*7919 + 12345)
				for i := 0; i < n; i++ {
					c <- msg{v: uint32(g.next() >> 32)}
				}
				wg.Done()
			}()
		}
		wg.Wait()
		rep := make(chan uint64)
		c <- msg{0, true, rep}
		tot += <-rep
	}
	return tot
}

func sortedmutex(n int) uint64 {
	var tot uint64
	for r := 0; r < 10; r++ {
		s := &slist{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for p := 0; p < 5; p++ {
			wg.Add(1)
			id := p
			go func() {
				g := rng(id*7919 + 12345)
				for i := 0; i < n; i++ {
					v := uint32(g.next() >> 32)
					mu.Lock()
					s.insert(v)
					mu.Unlock()
				}
				wg.Done()
			}()
		}
		wg.Wait()
		tot += s.check()
	}
	return tot
}

func idle(n int) uint64 {
	keep := make([]chan uint64, n)
	var wg sync.WaitGroup
	for i := range keep {
		keep[i] = make(chan uint64, 1)
		in := keep[i]
		wg.Add(1)
		go func() {
			var s uint64
			for v := range in {
				s += v
				wg.Done()
			}
		}()
		in <- 1
	}
	wg.Wait()
	return uint64(len(keep))
}

func main() {
	if t := os.Getenv("THREADS"); t != "" {
		v, _ := strconv.Atoi(t)
		runtime.GOMAXPROCS(v)
	}
	w := os.Args[1]
	var c uint64
	t := time.Now()
	switch w {
	case "pingpong":
		c = pingpong(argn(1000000))
	case "threadring":
		c = threadring(argn(1000000))
	case "counting":
		c = counting(argn(5000000))
	case "fjthroughput":
		c = fjthroughput(argn(50000))
	case "coarse":
		c = coarse(argn(200))
	case "fjcreate":
		c = fjcreate(argn(200000))
	case "big":
		c = big(argn(20000))
	case "chameneos":
		c = chameneos(argn(500000))
	case "dict":
		c = dict(argn(50000))
	case "dictrw":
		c = dictrw(argn(50000))
	case "sieve":
		c = sieve(argn(20000))
	case "pipeline":
		c = pipeline(argn(1000000))
	case "fib":
		c = fib(argn(25))
	case "sortedlist":
		c = sortedlist(argn(20000))
	case "sortedmutex":
		c = sortedmutex(argn(20000))
	case "idle":
		c = idle(argn(1000000))
	default:
		fmt.Println("SKIP")
		os.Exit(3)
	}
	fmt.Printf("RESULT %s %d %d\n", w, time.Since(t).Nanoseconds(), c)
}
