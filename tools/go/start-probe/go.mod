module bowline.dev/tools/start-probe

go 1.26.8
