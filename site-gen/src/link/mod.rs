//! Pieces become a site: addresses, links, navigation, languages. Nothing is looked up by a string afterwards.
