// A webhook receiver with nothing but Go's own library: verifies, answers at once, works afterwards, drops repeats.
// Variables: SIGNING_SECRETS, one or several with commas between; PORT (9000).
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	bodyBytesMax = 2 << 20
	tolerance    = 5 * time.Minute
)

// event is a genuine one. Its body is what the webhook's format makes: JSON, any text that a template makes, any bytes that a
// CloudEvent carries.
type event struct {
	id        string
	eventType string
	body      []byte
}

type receiver struct {
	keys [][]byte
	work chan event
	// In a real service a table: the id is inserted with the event, in one transaction, before the answer.
	mutex sync.Mutex
	seen  map[string]bool
}

func (r *receiver) isGenuine(header http.Header, body []byte) bool {
	timestamp := header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return false
	}
	if age := time.Since(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return false
	}
	// During a rotation there are two signatures, and here there may be two keys: one pair has to match.
	for _, key := range r.keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.", header.Get("webhook-id"), timestamp)
		mac.Write(body)
		expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
			if hmac.Equal([]byte(given), []byte(expected)) {
				return true
			}
		}
	}
	return false
}

func (r *receiver) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, bodyBytesMax))
	if err != nil {
		writer.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if !r.isGenuine(request.Header, body) {
		writer.WriteHeader(http.StatusUnauthorized)
		return
	}
	received := event{request.Header.Get("webhook-id"), request.Header.Get("x-webhook-event"), body}
	if !r.take(received) {
		writer.Header().Set("Retry-After", "5")
		writer.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	writer.WriteHeader(http.StatusNoContent)
}

// take says whether the event is safe here, now or from before.
func (r *receiver) take(received event) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.seen[received.id] {
		fmt.Println("repeated:", received.id)
		return true
	}
	select {
	case r.work <- received:
		r.seen[received.id] = true
		return true
	default: // too much waits already
		return false
	}
}

func main() {
	r := &receiver{work: make(chan event, 10_000), seen: map[string]bool{}}
	for _, secret := range strings.Split(os.Getenv("SIGNING_SECRETS"), ",") {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(key) == 0 {
			log.Fatal("SIGNING_SECRETS: whsec_ and base64, with commas between")
		}
		r.keys = append(r.keys, key)
	}
	go func() {
		for received := range r.work {
			fmt.Println("worked:", received.eventType, received.id, len(received.body), "bytes")
		}
	}()
	port := os.Getenv("PORT")
	if port == "" {
		port = "9000"
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, r))
}
