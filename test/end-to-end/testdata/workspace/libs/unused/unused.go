package unused

this does not compile
