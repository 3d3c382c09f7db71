//! What the readers of statements promise: forms that are taken, forms that are refused, what is in the tree, and that nothing breaks them.

mod content;
mod dialects;
mod forms;
mod places;
mod robustness;
