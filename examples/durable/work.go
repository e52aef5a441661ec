package main

import (
	"context"
	"fmt"
	"io"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/durable"
)

type order struct {
	ID   string `json:"id"`
	Item string `json:"item"`
}

type parcel struct {
	Number int32 `json:"number"`
}

var orders = []order{{"order-1", "lamp"}, {"order-2", "chair"}, {"order-3", "piano"}, {"order-4", "rug"}, {"order-5", "clock"}}

// work ships all orders. It keeps no record of what is done: an order that was shipped before, by this process or by one
// that was killed, is there under its name, and its parcel is the same.
func work(ctx context.Context, stdout io.Writer) error {
	client, err := invoke.NewFromEnv(ctx)
	if err != nil {
		return err
	}
	ship := durable.New[order, parcel](client, "ship:live")
	for _, o := range orders {
		p, err := ship.Call(ctx, o.ID, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is in parcel %d\n", o.ID, p.Number)
	}
	return nil
}
