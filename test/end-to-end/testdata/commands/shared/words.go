package main

const says = "front says"
