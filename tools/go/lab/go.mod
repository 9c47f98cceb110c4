module bowline.dev/tools/lab

go 1.26.8
