//! The outer planets' orbits around the sun, by small steps in time.

struct Body {
    x: f64,
    y: f64,
    z: f64,
    vx: f64,
    vy: f64,
    vz: f64,
    mass: f64,
}

struct Orbits {
    bodies: Vec<Body>,
}

impl Orbits {
    fn settle(&mut self, solar_mass: f64) {
        let (mut px, mut py, mut pz) = (0.0, 0.0, 0.0);
        for b in &self.bodies {
            px += b.vx * b.mass;
            py += b.vy * b.mass;
            pz += b.vz * b.mass;
        }
        self.bodies[0].vx = -px / solar_mass;
        self.bodies[0].vy = -py / solar_mass;
        self.bodies[0].vz = -pz / solar_mass;
    }

    fn advance(&mut self, dt: f64) {
        let bodies = &mut self.bodies;
        for i in 0..bodies.len() {
            for j in i + 1..bodies.len() {
                let dx = bodies[i].x - bodies[j].x;
                let dy = bodies[i].y - bodies[j].y;
                let dz = bodies[i].z - bodies[j].z;
                let distance2 = dx * dx + dy * dy + dz * dz;
                let mag = dt / (distance2 * distance2.sqrt());
                let mi = bodies[i].mass * mag;
                let mj = bodies[j].mass * mag;
                bodies[i].vx -= dx * mj;
                bodies[i].vy -= dy * mj;
                bodies[i].vz -= dz * mj;
                bodies[j].vx += dx * mi;
                bodies[j].vy += dy * mi;
                bodies[j].vz += dz * mi;
            }
        }
        for b in bodies {
            b.x += dt * b.vx;
            b.y += dt * b.vy;
            b.z += dt * b.vz;
        }
    }

    fn energy(&self) -> f64 {
        let mut e = 0.0;
        for (i, b) in self.bodies.iter().enumerate() {
            e += 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz);
            for c in &self.bodies[i + 1..] {
                let (dx, dy, dz) = (b.x - c.x, b.y - c.y, b.z - c.z);
                e -= b.mass * c.mass / (dx * dx + dy * dy + dz * dz).sqrt();
            }
        }
        e
    }
}

fn planet(x: f64, y: f64, z: f64, vx: f64, vy: f64, vz: f64, mass: f64) -> Body {
    let days = 365.24;
    Body { x, y, z, vx: vx * days, vy: vy * days, vz: vz * days, mass }
}

#[allow(clippy::excessive_precision)]
fn main() {
    let n: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let sun = 4.0 * std::f64::consts::PI * std::f64::consts::PI;
    let mut orbits = Orbits {
        bodies: vec![
            planet(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, sun),
            planet(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
                1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04 * sun),
            planet(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
                -2.76742510726411710e-03, 4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04 * sun),
            planet(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
                2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05 * sun),
            planet(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
                2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05 * sun),
        ],
    };
    orbits.settle(sun);
    println!("{:.9}", orbits.energy());
    for _ in 0..n {
        orbits.advance(0.01);
    }
    println!("{:.9}", orbits.energy());
}
