//! The same structs and enums as the program beside this file, and functions on them.

pub struct Point {
    pub x: i32,
    pub y: i32,
}

pub enum Shape {
    Dot(Point),
    Box(Point, Point),
    Nothing,
}

pub struct Drawing {
    pub name: String,
    pub shapes: Vec<Shape>,
    pub scale: Option<f64>,
    pub r#type: u8,
}

pub enum Color {
    Red,
    Green,
}

/// Turns a shape around the origin.
pub fn turn(shape: Shape) -> Shape {
    let around = |it: Point| Point { x: -it.y, y: it.x };
    match shape {
        Shape::Dot(at) => Shape::Dot(around(at)),
        Shape::Box(from, to) => Shape::Box(around(from), around(to)),
        Shape::Nothing => Shape::Nothing,
    }
}

pub fn scaled(drawing: &Drawing, by: f64) -> Result<Drawing, String> {
    if by == 0.0 {
        return Err(format!("{} cannot be scaled by {by}", drawing.name));
    }
    Ok(Drawing {
        name: if by < 0.0 { String::new() } else { format!("{} x{by}", drawing.name) },
        shapes: Vec::new(),
        scale: Some(drawing.scale.unwrap_or(1.0) * by),
        r#type: drawing.r#type + 1,
    })
}

pub fn other(color: Color) -> (Color, String) {
    match color {
        Color::Red => (Color::Green, "was red".to_string()),
        Color::Green => (Color::Red, "was green".to_string()),
    }
}

pub fn first(points: Vec<Point>) -> Option<Point> {
    points.into_iter().next()
}
