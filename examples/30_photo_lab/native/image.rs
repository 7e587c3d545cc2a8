//! Pictures by the crate `image`: what the program beside this file calls.

use image::imageops::{self, FilterType};
use image::{DynamicImage, GenericImage as _, GenericImageView as _, ImageResult, Rgb, RgbImage};

/// A picture in memory, whatever file it came from.
pub type Picture = DynamicImage;

pub fn load(path: &str) -> ImageResult<Picture> {
    image::open(path)
}

/// The ending of the path says the format.
pub fn save(picture: &Picture, path: &str) -> ImageResult<()> {
    picture.to_rgb8().save(path)
}

pub fn width(picture: &Picture) -> i32 {
    picture.width() as i32
}

pub fn height(picture: &Picture) -> i32 {
    picture.height() as i32
}

/// The largest picture of the same proportions that fits.
pub fn resize(picture: &Picture, width: i32, height: i32) -> Picture {
    picture.resize(width.max(1) as u32, height.max(1) as u32, FilterType::Triangle)
}

/// Brown, as old photos are.
pub fn sepia(picture: &Picture) -> Picture {
    let mut out = picture.to_rgb8();
    for pixel in out.pixels_mut() {
        let [r, g, b] = pixel.0.map(f32::from);
        *pixel = Rgb([
            (0.393 * r + 0.769 * g + 0.189 * b).min(255.0) as u8,
            (0.349 * r + 0.686 * g + 0.168 * b).min(255.0) as u8,
            (0.272 * r + 0.534 * g + 0.131 * b).min(255.0) as u8,
        ]);
    }
    out.into()
}

/// Takes the red out of what is far more red than anything else.
pub fn remove_red_eye(picture: &Picture) -> Picture {
    let mut out = picture.to_rgb8();
    for pixel in out.pixels_mut() {
        let [r, g, b] = pixel.0;
        if r > 150 && r > g.saturating_mul(2) && r > b.saturating_mul(2) {
            pixel.0[0] = g / 2 + b / 2;
        }
    }
    out.into()
}

/// Red, green and blue on average.
pub fn average(picture: &Picture) -> (i32, i32, i32) {
    let pixels = picture.to_rgb8();
    let mut sum = [0u64; 3];
    for pixel in pixels.pixels() {
        for (sum, part) in sum.iter_mut().zip(pixel.0) {
            *sum += u64::from(part);
        }
    }
    let n = u64::from(pixels.width() * pixels.height()).max(1);
    ((sum[0] / n) as i32, (sum[1] / n) as i32, (sum[2] / n) as i32)
}

/// All pictures in the cells of one.
pub fn sheet(pictures: &[Picture], columns: i32, cell: i32) -> Result<Picture, String> {
    if pictures.is_empty() || columns < 1 || cell < 1 {
        return Err("a sheet needs pictures and room for them".to_string());
    }
    let (columns, cell) = (columns as u32, cell as u32);
    let rows = (pictures.len() as u32).div_ceil(columns);
    let mut out = DynamicImage::from(RgbImage::from_pixel(
        columns * cell,
        rows * cell,
        Rgb([255, 255, 255]),
    ));
    for (index, picture) in pictures.iter().enumerate() {
        let small = picture.thumbnail(cell, cell).to_rgb8();
        let (column, row) = (index as u32 % columns, index as u32 / columns);
        out.copy_from(&DynamicImage::from(small), column * cell, row * cell)
            .map_err(|error| error.to_string())?;
    }
    Ok(out)
}

/// A photo to begin with, so that this example needs no files: a sky over a ground, and maybe
/// somebody whose eyes the flash made red.
pub fn draw(
    sky: (u8, u8, u8),
    ground: (u8, u8, u8),
    width: i32,
    height: i32,
    flash: bool,
) -> Picture {
    let (width, height) = (width.max(8) as u32, height.max(8) as u32);
    let mut out = RgbImage::new(width, height);
    imageops::vertical_gradient(
        &mut out,
        &Rgb([sky.0, sky.1, sky.2]),
        &Rgb([ground.0, ground.1, ground.2]),
    );
    let eyes: &[u32] = if flash { &[width / 3, 2 * width / 3] } else { &[] };
    for &eye in eyes {
        for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            out.put_pixel(eye + x, height / 2 + y, Rgb([230, 20, 20]));
        }
    }
    out.into()
}
