module example.com/billing

go 1.25

require example.com/money v0.0.0
