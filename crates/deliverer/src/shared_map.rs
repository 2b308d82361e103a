//! A sorted map whose copies share what they have in common.
//!
//! The entries lie in chunks, and the chunks in a list; both are counted references. A copy is one count. A
//! change of a copy copies the list (one count for each chunk) and the chunk that it is about, so of 100,000
//! entries it copies about 800 counts and 128 entries, and what nobody else holds it changes in place.

use std::{borrow::Borrow, sync::Arc};

/// Entries in one chunk.
const CHUNK_ENTRIES_MAX: usize = 128;
/// A chunk that has fewer joins its neighbour, if they have room in half a chunk.
const CHUNK_ENTRIES_MIN: usize = 16;

type Chunk<K, V> = Arc<Vec<(K, V)>>;

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct SharedMap<K, V> {
    /// None is empty; their keys ascend.
    chunks: Arc<Vec<Chunk<K, V>>>,
}

/// Where a key is, or where it would be.
struct Place {
    chunk: usize,
    entry: Result<usize, usize>,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self {
            chunks: Arc::default(),
        }
    }
}

impl<K, V> SharedMap<K, V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// The values, in the order of their keys.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        let entries = self.chunks.iter().flat_map(|chunk| chunk.iter());
        entries.map(|(_, value)| value)
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        let chunk = self.chunks.get(place.chunk)?;
        chunk.get(place.entry.ok()?).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let place = self.place(&key);
        let chunks = Arc::make_mut(&mut self.chunks);
        match place.entry {
            Ok(entry) => Arc::make_mut(&mut chunks[place.chunk])[entry].1 = value,
            Err(entry) => add(chunks, place.chunk, entry, (key, value)),
        }
    }

    /// Takes a key out.
    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        let entry = place.entry.ok()?;
        let chunks = Arc::make_mut(&mut self.chunks);
        let chunk = Arc::make_mut(&mut chunks[place.chunk]);
        let (_, value) = chunk.remove(entry);
        if chunk.len() < CHUNK_ENTRIES_MIN {
            join(chunks, place.chunk);
        }
        Some(value)
    }

    /// Changes the value of a key in place, beginning with an empty one; a value that is empty afterwards is
    /// taken out.
    pub(crate) fn change(
        &mut self,
        key: &K,
        change: impl FnOnce(&mut V),
        is_empty: impl FnOnce(&V) -> bool,
    ) where
        V: Default,
    {
        let place = self.place(key);
        let Ok(entry) = place.entry else {
            let mut value = V::default();
            change(&mut value);
            if !is_empty(&value) {
                self.insert(key.clone(), value);
            }
            return;
        };
        let chunks = Arc::make_mut(&mut self.chunks);
        let value = &mut Arc::make_mut(&mut chunks[place.chunk])[entry].1;
        change(value);
        if is_empty(value) {
            self.remove(key);
        }
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Place
    where
        K: Borrow<Q>,
    {
        let not_after = |chunk: &Chunk<K, V>| {
            chunk
                .first()
                .is_some_and(|(first, _)| first.borrow() <= key)
        };
        // What comes before the first chunk belongs into it.
        let chunk = self.chunks.partition_point(not_after).saturating_sub(1);
        let entry = match self.chunks.get(chunk) {
            Some(chunk) => chunk.binary_search_by(|(known, _)| known.borrow().cmp(key)),
            None => Err(0),
        };
        Place { chunk, entry }
    }
}

/// Adds an entry; a chunk that is full is cut in two, or followed by another if the entry comes last, so that
/// keys which come in their order fill their chunks.
fn add<K: Clone, V: Clone>(
    chunks: &mut Vec<Chunk<K, V>>,
    place: usize,
    entry: usize,
    pair: (K, V),
) {
    let Some(chunk) = chunks.get_mut(place) else {
        return chunks.push(Arc::new(vec![pair]));
    };
    let chunk = Arc::make_mut(chunk);
    if chunk.len() < CHUNK_ENTRIES_MAX {
        return chunk.insert(entry, pair);
    }
    let cut = if entry == chunk.len() {
        entry
    } else {
        chunk.len() / 2
    };
    let mut after = chunk.split_off(cut);
    if entry < cut {
        chunk.insert(entry, pair);
    } else {
        after.insert(entry - cut, pair);
    }
    chunks.insert(place + 1, Arc::new(after));
}

/// Keeps chunks from staying behind that hold next to nothing.
fn join<K: Clone, V: Clone>(chunks: &mut Vec<Chunk<K, V>>, place: usize) {
    if chunks[place].is_empty() {
        chunks.remove(place);
        return;
    }
    let Some(next) = chunks.get(place + 1).map(|next| next.len()) else {
        return;
    };
    if chunks[place].len() + next <= CHUNK_ENTRIES_MAX / 2 {
        let next = chunks.remove(place + 1);
        Arc::make_mut(&mut chunks[place]).extend(next.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// What the map holds, after a look at its shape.
    fn checked(map: &SharedMap<u16, u32>) -> Vec<u32> {
        assert!(map.chunks.iter().all(|chunk| !chunk.is_empty()));
        assert!(
            map.chunks
                .iter()
                .all(|chunk| chunk.len() <= CHUNK_ENTRIES_MAX)
        );
        assert_eq!(map.len(), map.values().count());
        map.values().copied().collect()
    }

    proptest! {
        /// It is a sorted map, and a copy does not see what becomes of its original.
        #[test]
        fn it_agrees_with_a_tree(
            before in prop::collection::vec((any::<bool>(), 0_u16..600, any::<u32>()), 0..1_500),
            after in prop::collection::vec((any::<bool>(), 0_u16..600, any::<u32>()), 0..800),
        ) {
            let (mut map, mut tree) = (SharedMap::default(), BTreeMap::new());
            let apply = |map: &mut SharedMap<u16, u32>, tree: &mut BTreeMap<u16, u32>, steps: &[(bool, u16, u32)]| {
                for (set, key, value) in steps {
                    if *set {
                        map.insert(*key, *value);
                        tree.insert(*key, *value);
                    } else {
                        assert_eq!(map.remove(key), tree.remove(key));
                    }
                    assert_eq!(map.get(key), tree.get(key));
                }
            };
            apply(&mut map, &mut tree, &before);
            let (copy, then) = (map.clone(), tree.clone());
            apply(&mut map, &mut tree, &after);
            prop_assert_eq!(checked(&map), tree.values().copied().collect::<Vec<_>>());
            prop_assert_eq!(checked(&copy), then.values().copied().collect::<Vec<_>>());
            prop_assert_eq!(map.is_empty(), tree.is_empty());
        }
    }

    #[test]
    fn a_change_of_a_copy_leaves_the_other_chunks_shared() {
        let mut map = SharedMap::default();
        for key in 0..10_000_u16 {
            map.insert(key, u32::from(key));
        }
        assert_eq!(map.chunks.len(), 10_000_usize.div_ceil(CHUNK_ENTRIES_MAX));
        let mut copy = map.clone();
        copy.insert(5_000, 1);
        copy.remove(&5_001);
        let pairs = map.chunks.iter().zip(copy.chunks.iter());
        let own = pairs.filter(|(one, other)| !Arc::ptr_eq(one, other));
        assert_eq!(own.count(), 1);
    }

    #[test]
    fn a_value_that_becomes_empty_is_taken_out() {
        let mut map: SharedMap<u16, Vec<u8>> = SharedMap::default();
        map.change(&1, |list| list.push(1), Vec::is_empty);
        map.change(&1, |list| list.push(2), Vec::is_empty);
        assert_eq!(map.get(&1), Some(&vec![1, 2]));
        map.change(&1, Vec::clear, Vec::is_empty);
        map.change(&2, |_| {}, Vec::is_empty);
        assert!(map.is_empty());
    }
}
