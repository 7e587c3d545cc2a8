//! Native code of a package that another one uses.

#[derive(Clone, Default)]
pub struct Tin {
    colors: Vec<String>,
}

pub fn empty() -> Tin {
    Tin::default()
}

pub fn mix(tin: Tin, color: &str) -> Tin {
    let mut tin = tin;
    tin.colors.push(color.to_string());
    tin
}

pub fn colors(tin: &Tin) -> Vec<String> {
    tin.colors.clone()
}

/// Takes its time.
pub fn stir(tin: Tin, times: i32) -> Result<Tin, String> {
    std::thread::sleep(std::time::Duration::from_millis(2));
    match times {
        0 => Err("nothing is stirred".to_string()),
        1..=9 => Ok(tin),
        _ => panic!("the tin is spilled"),
    }
}
