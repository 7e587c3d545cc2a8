//! Snapshots of the room, by feature.
