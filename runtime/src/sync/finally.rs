//! What is done at the end of a scope, however that ends.

/// Does this when it goes, also when a panic goes through.
pub(crate) struct Finally<F: FnMut()>(pub(crate) F);

impl<F: FnMut()> Drop for Finally<F> {
    #[inline(always)]
    fn drop(&mut self) {
        (self.0)();
    }
}
