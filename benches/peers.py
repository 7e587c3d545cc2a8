#!/usr/bin/env python3
"""Measures message passing: the programs of examples/benchmarks/agents, compiled by `axumc build
--release`, and the same workloads in whichever other systems are installed, in turns (A B C A B C),
and prints medians as Markdown tables.

  benches/peers.py                          build everything, measure 5 rounds, print the tables
  benches/peers.py -r 9 -w pingpong,big     more rounds, some workloads
  benches/peers.py -p axum,go,tokio         some systems
  benches/peers.py --scale 10               a tenth of the messages or agents, to look quickly
  benches/peers.py -o FILE.json             keep what was measured ...
  benches/peers.py --table FILE.json ...    ... and print it again, of several files together

Each program times its own work, start-up excluded, and prints `RESULT workload nanoseconds check`.
The checks must agree. The sources of the others are in benches/peers; a system whose tools are missing
is left out. Tools by environment: AXUMC, GO, PONYC, CAF_ROOT (an installed CAF 1; without it that of
the system). Everything is built below CARGO_TARGET_DIR, in `peers`.
"""
import argparse, json, os, re, shutil, signal, statistics, subprocess, sys, tempfile, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = os.path.join(ROOT, "benches", "peers")
PROGRAMS = os.path.join(ROOT, "examples", "benchmarks", "agents")
TARGET = os.path.abspath(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")))
OUT = os.path.join(TARGET, "peers")

RUST = ["tokio", "ractor", "kameo", "actix"]
PEERS = ["axum", "go", "erlang", "pony", "caf", *RUST]
OURS = "axum"


def sieve_messages(limit):
    """How many numbers the filters of the primes up to `limit` are given."""
    position, messages = {}, 0
    for n in range(2, limit + 1):
        prime = next((p for p in position if p * p <= n and n % p == 0), n)
        if prime == n:
            position[n] = len(position) + 1
        messages += position[prime]
    return messages


def fib_agents(n):
    small, large = 1, 1
    for _ in range(n - 2):
        small, large = large, small + large + 1
    return large


# The argument, how many operations that is, what one of them is, and what a tenth of it is.
TENTH = lambda n, scale: max(1, n // scale)
WORKLOADS = {
    "pingpong": (1_000_000, lambda n: 2 * n, "message", TENTH),
    "threadring": (1_000_000, lambda n: n, "message", TENTH),
    "counting": (5_000_000, lambda n: n, "message", TENTH),
    "fjthroughput": (50_000, lambda n: 60 * n, "message", TENTH),
    "fjcreate": (200_000, lambda n: 5 * n, "agent that gets a message, sends one, ends", TENTH),
    "big": (20_000, lambda n: 240 * n, "message", TENTH),
    "chameneos": (500_000, lambda n: n, "meeting (4 messages)", TENTH),
    "dict": (50_000, lambda n: 20 * n, "request and reply", TENTH),
    "dictrw": (50_000, lambda n: 20 * n, "access to shared state", TENTH),
    "sieve": (20_000, sieve_messages, "message", lambda n, scale: max(10, int(n / scale**0.55))),
    "pipeline": (1_000_000, lambda n: 5 * n, "message", TENTH),
    "fib": (25, lambda n: 5 * fib_agents(n), "agent", lambda n, scale: max(3, n - scale.bit_length())),
    "sortedlist": (20_000, lambda n: 50 * n, "insertion by message", TENTH),
    "sortedmutex": (20_000, lambda n: 50 * n, "insertion under a mutex", TENTH),
    "coarse": (200, lambda n: 64 * n, "message with 50 us of work", TENTH),
    "idle": (1_000_000, lambda n: n, "agent that handles a message and waits", TENTH),
}
# Erlang computes with 31 bits here, since larger numbers are slow; rings count from elsewhere.
UNCHECKED = {("erlang", "fjthroughput"), ("erlang", "pipeline"), ("erlang", "coarse"), ("erlang", "threadring")}


def run(command, **more):
    print("+", " ".join(command), file=sys.stderr)
    return subprocess.call(command, **more) == 0


def build(peers, workloads):
    """The programs that could be built: by system and workload, a command."""
    os.makedirs(OUT, exist_ok=True)
    cargo = dict(os.environ, CARGO_TARGET_DIR=os.path.join(OUT, "cargo"))
    for peer in peers:
        source, to = os.path.join(SOURCES, peer), os.path.join(OUT, peer)
        if peer == OURS:
            build_ours(workloads, to)
        elif peer in RUST:
            if run(["cargo", "build", "--release", "--quiet", "--locked"], cwd=source, env=cargo):
                shutil.copy(os.path.join(OUT, "cargo", "release", "peer-" + peer), to)
        elif peer == "go":
            go = os.environ.get("GO") or shutil.which("go")
            if go:
                run([go, "build", "-o", to, "."], cwd=source)
        elif peer == "erlang":
            os.makedirs(to, exist_ok=True)
            if shutil.which("erlc"):
                run(["erlc", "-o", to, os.path.join(source, "bench.erl")])
        elif peer == "caf":
            build_caf(os.path.join(source, "main.cpp"), to)
        elif peer == "pony":
            pony = os.environ.get("PONYC") or shutil.which("ponyc")
            if pony:
                run([pony, "-V", "0", "-o", OUT, "-b", "pony", source])


def build_ours(workloads, to):
    compiler = os.environ.get("AXUMC")
    if not compiler:
        cargo = dict(os.environ, CARGO_TARGET_DIR=TARGET)
        run(["cargo", "build", "--release", "--quiet", "--package", "axumc"], cwd=ROOT, env=cargo)
        compiler = os.path.join(TARGET, "release", "axumc")
    os.makedirs(to, exist_ok=True)
    for name in workloads:
        program = os.path.join(PROGRAMS, name, "main.ax")
        if os.path.exists(program):
            run([compiler, "build", "--quiet", "--release", "--output", os.path.join(to, name), program])


def build_caf(source, to):
    root = os.environ.get("CAF_ROOT")
    flags = ["-std=c++20", f"-I{root}/include", f"-L{root}/lib"] if root else ["-std=c++17"]
    if not root and not os.path.exists("/usr/include/caf/all.hpp"):
        return
    if shutil.which("g++"):
        run(["g++", "-O3", "-march=native", "-DNDEBUG", *flags, "-o", to, source, "-lcaf_core", "-lpthread"])


def command(peer, also, name, n, threads):
    """What runs a workload, or None if it was not built."""
    environment, words = dict(os.environ), [name, str(n)]
    environment["THREADS"] = environment["AXUM_WORKERS"] = str(threads)
    environment["GOMAXPROCS"] = str(threads)
    environment["ERL_CRASH_DUMP_SECONDS"] = "0"  # It crashes at workloads that it does not know.
    program = also.get(peer, os.path.join(OUT, peer))
    if peer == OURS:
        program, words = os.path.join(program, name), words[1:]
    elif peer == "erlang":
        code, program = program, shutil.which("erl")
        if not program or not os.path.exists(os.path.join(code, "bench.beam")):
            return None
        words = ["+S", f"{threads}:{threads}", "+P", "3000000", "-noshell", "-noinput", "-pa", code,
                 "-run", "bench", "main", *words]
    elif peer == "pony":
        words = ["--ponymaxthreads", str(threads), *words]
    elif peer == "actix":
        # One arbiter is its default, and the quicker one.
        environment.pop("THREADS")
    if not os.path.isfile(program):
        return None
    return [program, *words], environment


def busy():
    """Seconds for which the processors have been at work."""
    with open("/proc/stat") as stat:
        ticks = [int(it) for it in stat.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def prefer():
    """Lets a measured process go before others, where that is allowed."""
    os.setsid()
    try:
        with open("/proc/self/autogroup", "w") as group:
            group.write("-20")
        os.nice(-20)
    except OSError:
        pass


TIME = "/usr/bin/time"


def once(words, environment, limit, priority):
    """One run: nanoseconds, check, peak memory in KiB, processor seconds and the share of others."""
    # A process counts what it was forked from into its peak; `time` is smaller than Python.
    with tempfile.NamedTemporaryFile("r") as spent:
        if os.path.exists(TIME):
            words = [TIME, "-q", "-f", "%M %U %S", "-o", spent.name, *words]
        others, since = busy(), time.monotonic()
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True,
                                   preexec_fn=prefer if priority else os.setsid)
        killed = threading.Event()
        killer = threading.Timer(limit, lambda: (killed.set(), os.killpg(process.pid, signal.SIGKILL)))
        killer.start()
        output = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        killer.cancel()
        wall = time.monotonic() - since
        figures = spent.read().split()[-3:]
    # A program that has told its result must end, too.
    found = re.search(r"^RESULT \S+ (\d+) (\S+)$", output, re.MULTILINE)
    if killed.is_set() or not found:
        return None
    peak, user, system = (float(it) for it in figures or (usage.ru_maxrss, usage.ru_utime, usage.ru_stime))
    cpu = user + system
    others = max(0.0, busy() - others - cpu) / (wall * os.cpu_count())
    return {"ns": int(found[1]), "check": found[2], "peak": peak, "cpu": cpu, "wall": wall, "others": others}


def measure(options, peers, also, workloads):
    results, left_out = {}, set()
    jobs = [(name, max(options.scale, 1)) for name in workloads]
    if "idle" in workloads:
        jobs.append(("idle", 0))
    for turn in range(options.rounds):
        for name, scale in jobs:
            full, _, _, reduce = WORKLOADS[name]
            n = 0 if scale == 0 else full if scale == 1 else reduce(full, scale)
            key = f"{name} {n}"
            for peer in peers:
                what = command(peer, also, name, n, options.threads)
                if what is None or (peer, key) in left_out:
                    continue
                ran = once(*what, options.limit, options.priority)
                if ran is None:
                    left_out.add((peer, key))
                    print(f"{turn} {key:20} {peer:8} left out: it lacks this workload, or takes longer than "
                          f"{options.limit:.0f} s", file=sys.stderr)
                    continue
                results.setdefault(key, {}).setdefault(peer, []).append(ran)
                print(f"{turn} {key:20} {peer:8} {ran['ns'] / 1e6:10.1f} ms, others {ran['others']:4.0%}",
                      file=sys.stderr, flush=True)
                if options.output:
                    with open(options.output, "w") as file:
                        json.dump(results, file)
    return results


def median(runs, field):
    return statistics.median(it[field] for it in runs)


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.1f}"


def rows(header, lines):
    print("| " + " | ".join(header) + " |")
    print("|---|" + "---:|" * (len(header) - 1))
    for line in lines:
        print("| " + " | ".join(line) + " |")


def print_tables(results):
    peers = [it for it in PEERS if any(it in by for by in results.values())]
    peers += sorted({it for by in results.values() for it in by} - set(peers))
    others = [it for it in peers if it in PEERS and it != OURS]
    measured = [it for it in results if it != "idle 0"]
    time_lines, memory_lines, core_lines = [], [], []
    for key in measured:
        name, n = key.split()
        by, operations = results[key], WORKLOADS[name][1](int(n))
        each = {peer: median(by[peer], "ns") / operations for peer in by}
        best = min((it for it in others if it in each), key=each.get, default=None)
        ratio = f"{each[best] / each[OURS]:.2f}" if best and OURS in each else ""
        cells = [number(each[it]) if it in each else "" for it in peers]
        time_lines.append([name, *cells, best or "", ratio])
        cells = [number(median(by[it], "peak") / 1024) if it in by else "" for it in peers]
        memory_lines.append([name, *cells])
        cores = {it: statistics.median(run["cpu"] / run["wall"] for run in by[it]) for it in by}
        core_lines.append([name, *(f"{cores[it]:.2f}" if it in cores else "" for it in peers)])
        checks = {}
        for peer in by:
            if (peer, name) not in UNCHECKED:
                checks.setdefault(by[peer][0]["check"], []).append(peer)
        if len(checks) > 1:
            print(f"the checks of {key} differ: {checks}", file=sys.stderr)
    print("Nanoseconds for each operation, medians; best peer ÷ ours:\n")
    rows(["workload", *peers, "best peer", "ratio"], time_lines)
    print("\nPeak memory in MiB, medians:\n")
    rows(["workload", *peers], memory_lines)
    print("\nProcessor seconds for each second, medians:\n")
    rows(["workload", *peers], core_lines)
    print_idle(results, peers)
    shares = [run["others"] for by in results.values() for runs in by.values() for run in runs]
    if shares:
        print(f"\nOther programs had {statistics.median(shares):.0%} of the machine (median of the runs).")


def print_idle(results, peers):
    crowds = [it for it in results if it.startswith("idle ") and it != "idle 0"]
    none = results.get("idle 0", {})
    for key in crowds:
        n = int(key.split()[1])
        cells = {it: 1024 * (median(results[key][it], "peak") - median(none[it], "peak")) / n
                 for it in peers if it in results[key] and it in none}
        print(f"\nBytes for each idle agent ({n:,} of them, less a run with none):\n")
        rows(["", *cells], [["bytes", *(number(it) for it in cells.values())]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-r", "--rounds", type=int, default=5)
    parser.add_argument("-t", "--threads", type=int, default=os.cpu_count())
    parser.add_argument("-p", "--peers", help="those to measure, separated by commas")
    parser.add_argument("-w", "--workloads", help="likewise")
    parser.add_argument("-o", "--output", help="keeps the runs as JSON")
    parser.add_argument("--scale", type=int, default=1, help="divides the sizes")
    parser.add_argument("--limit", type=float, default=60, help="seconds a run may take")
    parser.add_argument("--priority", action="store_true", help="measured programs go before others")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--also", action="append", default=[], metavar="NAME=PROGRAM",
                        help="another program, called with a workload and its size; with --table NAME")
    parser.add_argument("--table", nargs="+", metavar="FILE.json", help="only prints what was kept")
    options = parser.parse_args()
    if options.table:
        results = {}
        for name in options.table:
            with open(name) as file:
                for key, by in json.load(file).items():
                    for peer, runs in by.items():
                        if peer in PEERS or peer in options.also:
                            results.setdefault(key, {}).setdefault(peer, []).extend(runs)
        return print_tables(results)
    also = dict(it.split("=", 1) for it in options.also)
    peers = options.peers.split(",") if options.peers else PEERS
    workloads = options.workloads.split(",") if options.workloads else list(WORKLOADS)
    if not options.no_build:
        build(peers, workloads)
    print_tables(measure(options, [*peers, *also], also, workloads))


if __name__ == "__main__":
    main()
