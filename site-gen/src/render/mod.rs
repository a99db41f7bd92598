//! A checked site becomes the exact bytes of every file.
