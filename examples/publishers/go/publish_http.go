// Publishes over HTTP with nothing but Go's own library. Variables: POSTHORN_API_URL, POSTHORN_KEY.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const triesMax = 8

type event struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

var client = http.Client{Timeout: 30 * time.Second}

func random(bytes int) string {
	buffer := make([]byte, bytes)
	if _, err := rand.Read(buffer); err != nil {
		log.Fatal(err)
	}
	return hex.EncodeToString(buffer)
}

// publish returns what became of each event. Safe to repeat: the key makes a second try the same request.
func publish(events any, idempotencyKey string) json.RawMessage {
	body, err := json.Marshal(events)
	if err != nil {
		log.Fatal(err)
	}
	// Whoever traces passes the context of the current span here; receivers get it with each request.
	traceparent := fmt.Sprintf("00-%s-%s-01", random(16), random(8))
	for tries := 1; tries <= triesMax; tries++ {
		wait := 1 << tries
		request, err := http.NewRequest("POST", os.Getenv("POSTHORN_API_URL")+"/api/v1/events", bytes.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+os.Getenv("POSTHORN_KEY"))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", idempotencyKey)
		request.Header.Set("Traceparent", traceparent)
		answer, err := client.Do(request)
		if err != nil { // no answer: the event may have been stored or not, hence the key
			log.Print("no answer: ", err)
			time.Sleep(time.Duration(wait) * time.Second)
			continue
		}
		content, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		switch answer.StatusCode {
		case http.StatusAccepted:
			var accepted struct{ Events json.RawMessage }
			if err := json.Unmarshal(content, &accepted); err != nil {
				log.Fatal(err)
			}
			return accepted.Events
		case 429, 502, 503, 504:
			if asked, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
				wait = asked
			}
			time.Sleep(time.Duration(wait) * time.Second)
		default: // it says what is wrong (RFC 9457), and it would be wrong again
			log.Fatal("refused: ", strings.TrimSpace(string(content)))
		}
	}
	log.Fatal("not published; keep it and try later")
	return nil
}

func main() {
	data := func(n int) map[string]any { return map[string]any{"by": "go-http", "n": n} }
	one, key := event{"user.created", data(1)}, random(16) // of the business fact, such as an order's number
	fmt.Println(string(publish(one, key)))
	fmt.Println(string(publish(one, key))) // as after a lost answer: a duplicate, with the first one's id
	fmt.Println(string(publish([]event{{"user.created", data(2)}, {"user.created", data(3)}}, random(16))))
}
