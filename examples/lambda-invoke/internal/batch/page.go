package batch

import "github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/stats"

func writePage(o *options, s stats.Summary) error { return nil }
