// Stands for the bundled command line where a test only needs that there is one.
