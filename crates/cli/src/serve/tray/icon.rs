//! The icon's pictures.

use std::{io::Cursor, sync::LazyLock};

use ksni::Icon;

static USUAL: LazyLock<Vec<Icon>> =
    LazyLock::new(|| picture(include_bytes!("../../../../../assets/icons/32.png")));
static ATTENTION: LazyLock<Vec<Icon>> = LazyLock::new(|| {
    picture(include_bytes!(
        "../../../../../assets/icons/32-attention.png"
    ))
});

/// The usual picture.
pub(super) fn usual() -> Vec<Icon> {
    USUAL.clone()
}

/// The picture with a dot: somebody is needed.
pub(super) fn attention() -> Vec<Icon> {
    ATTENTION.clone()
}

/// A PNG with eight bits for each of red, green, blue and opacity, as the tray wants it.
fn picture(png: &[u8]) -> Vec<Icon> {
    decode(png).into_iter().collect()
}

fn decode(png: &[u8]) -> Option<Icon> {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().ok()?;
    let mut data = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut data).ok()?;
    if info.color_type != png::ColorType::Rgba || info.bit_depth != png::BitDepth::Eight {
        return None;
    }
    data.truncate(info.buffer_size());
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    let (width, height) = (
        i32::try_from(info.width).ok()?,
        i32::try_from(info.height).ok()?,
    );
    Some(Icon {
        width,
        height,
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_pictures_can_be_shown_and_differ() {
        let (usual, attention) = (usual(), attention());
        assert_eq!(usual[0].data.len(), 32 * 32 * 4);
        assert_ne!(usual[0].data, attention[0].data);
        // The middle of the upper edge is opaque blue: opacity comes first.
        let pixel = (6 * 32 + 16) * 4;
        assert_eq!(usual[0].data[pixel..pixel + 4], [0xff, 0x2f, 0x5b, 0xea]);
    }
}
