// Publishes over NATS (github.com/nats-io/nats.go). Variable: POSTHORN_NATS_URL.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/nats-io/nats.go"
)

const subject = "posthorn.events.default.user.created" // posthorn.events.<tenant>.<event type>

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func random(bytes int) string {
	buffer := make([]byte, bytes)
	must(rand.Read(buffer))
	return hex.EncodeToString(buffer)
}

func main() {
	connection := must(nats.Connect(os.Getenv("POSTHORN_NATS_URL")))
	defer connection.Close()
	stream := must(connection.JetStream())

	// JetStream's publish returns when the event is stored; that of the connection would tell nothing.
	publish := func(data string, fields map[string]string) {
		message := nats.NewMsg(subject)
		message.Data = []byte(data)
		for name, value := range fields {
			message.Header[name] = []string{value} // as it is written: Set would change the case
		}
		stored := must(stream.PublishMsg(message, nats.AckWait(5*time.Second)))
		fmt.Printf("stored %d duplicate=%t\n", stored.Sequence, stored.Duplicate)
	}

	// Of the business fact, such as an order's number; the whole stream shares these names, so begin with the tenant.
	fields := map[string]string{
		"Nats-Msg-Id": "default:" + random(16),
		"traceparent": fmt.Sprintf("00-%s-%s-01", random(16), random(8)),
	}
	publish(`{"by":"go-nats","n":1}`, fields)
	publish(`{"by":"go-nats","n":1}`, fields) // as after a lost acknowledgement

	publish(`{"by":"go-nats","n":2}`, map[string]string{
		"ce-specversion": "1.0", "ce-id": "order/7", "ce-source": "/orders", "ce-type": "user.created",
	})
}
