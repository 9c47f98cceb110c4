// Placeholder for the bundled command line, for tests that only need the file.
