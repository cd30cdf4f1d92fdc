//! "Did you mean": the closest of the known words, if one is close enough to be a slip.

/// The known word that differs least from `word`, unless all differ by more than a third.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let near = known
        .into_iter()
        .filter(|known| known.len().abs_diff(word.len()) <= 16);
    let scored = near.map(|known| (distance(word, known), known));
    let close = scored.filter(|(distance, _)| *distance <= limit);
    close
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Edit distance over characters without regard to case, a swap of neighbours counting as one.
/// Only the beginning of a long word counts, so that data can't make it slow.
fn distance(left: &str, right: &str) -> usize {
    let letters =
        |word: &str| -> Vec<char> { word.chars().take(64).flat_map(char::to_lowercase).collect() };
    let (left, right) = (letters(left), letters(right));
    let mut rows = vec![(0..=right.len()).collect::<Vec<usize>>()];
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(a != b))
                .min(rows[i][j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        assert_eq!(
            closest("mathcing", ["folder", "matching"]),
            Some("matching")
        );
        assert_eq!(closest("pth", ["path", "name"]), Some("path"));
        assert_eq!(closest("colour", ["folder", "matching"]), None);
    }
}
