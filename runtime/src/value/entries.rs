//! The entries of a table, by number. Which of them are there the table says.
//!
//! Small entries that nothing drops stay where they were when they are removed, and free places have copies of some
//! entry: so they need nothing that tells them from no entry, and more of them fit into the caches.

use std::mem;

/// Up to so many bytes an entry is small.
const SMALL: usize = 40;

#[derive(Clone, Debug)]
pub(super) struct Entries<K, V> {
    /// If they are bare.
    bare: Vec<(K, V)>,
    /// If they are not.
    options: Vec<Option<(K, V)>>,
}

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self { bare: Vec::new(), options: Vec::new() }
    }
}

impl<K, V> Entries<K, V> {
    /// They are small, and nothing drops them.
    const ARE_BARE: bool = !mem::needs_drop::<(K, V)>() && size_of::<(K, V)>() <= SMALL;

    pub(super) const ARE_SMALL: bool =
        Self::ARE_BARE || size_of::<Option<(K, V)>>() <= SMALL;

    /// How many there are, with free places and with those that were removed.
    #[inline]
    pub(super) fn len(&self) -> usize {
        if Self::ARE_BARE { self.bare.len() } else { self.options.len() }
    }

    /// The entry with a number, if it is there.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<&(K, V)> {
        if Self::ARE_BARE { self.bare.get(at) } else { self.options.get(at)?.as_ref() }
    }

    /// The value of the entry with a number, if it is there.
    #[inline]
    pub(super) fn value_mut(&mut self, at: usize) -> Option<&mut V> {
        let entry = match Self::ARE_BARE {
            true => self.bare.get_mut(at),
            false => self.options.get_mut(at)?.as_mut(),
        };
        entry.map(|(_, value)| value)
    }

    pub(super) fn put(&mut self, at: usize, entry: (K, V)) {
        match Self::ARE_BARE {
            true => self.bare[at] = entry,
            false => self.options[at] = Some(entry),
        }
    }

    pub(super) fn push(&mut self, entry: (K, V)) {
        match Self::ARE_BARE {
            true => self.bare.push(entry),
            false => self.options.push(Some(entry)),
        }
    }

    /// Room for `n` that are pushed.
    pub(super) fn reserve(&mut self, n: usize) {
        match Self::ARE_BARE {
            true => self.bare.reserve_exact(n),
            false => self.options.reserve_exact(n),
        }
    }
}

impl<K: Clone, V: Clone> Entries<K, V> {
    /// As many as are free, and none else; `like` is some entry.
    pub(super) fn free(n: usize, like: &(K, V)) -> Self {
        match Self::ARE_BARE {
            true => Self { bare: vec![like.clone(); n], options: Vec::new() },
            false => Self {
                bare: Vec::new(),
                options: std::iter::repeat_with(|| None).take(n).collect(),
            },
        }
    }

    /// Takes the entry with a number out, which is there.
    pub(super) fn take(&mut self, at: usize) -> Option<(K, V)> {
        match Self::ARE_BARE {
            true => self.bare.get(at).cloned(),
            false => self.options.get_mut(at)?.take(),
        }
    }
}
