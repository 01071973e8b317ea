package outside_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keypull/pull/outside"
)

// FuzzHeaders sends whatever headers of time to the client: what comes out
// must make sense.
func FuzzHeaders(f *testing.F) {
	f.Add("Mon, 02 Mar 2026 11:59:30 GMT", "30", "1.1 cache", "max-age=60, s-maxage=\"1\"", "Mon, 02 Mar 2026 13:00:00 GMT", "120")
	f.Add("", "-1", "", "no-store,,=,max-age", "0", "Mon, 02 Mar 2026 12:05:00 GMT")
	f.Add("Sat, 01 Jan 0001 00:00:00 GMT", "1e308", "x", "max-age=1e308", "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 GMT")
	f.Add("Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999999999", "", "private=\"a, max-age=9", "", "1.5")
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	const oldest, year, day = (1 << 31) * time.Second, 365 * 24 * time.Hour, 24 * time.Hour
	f.Fuzz(func(t *testing.T, date, age, via, control, expires, retry string) {
		header := http.Header{"Date": {date}, "Age": {age}, "Via": {via}, "Cache-Control": {control}, "Expires": {expires}, "Retry-After": {retry}}
		// A client of its own: the rest that one header asks for is not the next one's.
		c := outside.New(outside.Options{Clock: func() time.Time { return now }, Answer: answering(header)})
		res, err := c.Do(context.Background(), outside.Request{URL: "https://example.org/"})
		if err != nil {
			t.Fatal(err)
		}
		if res.Age < 0 || res.Age > oldest || !res.Fetched.Equal(now.Add(-res.Age)) {
			t.Errorf("fetched at %v with an age of %v", res.Fetched, res.Age)
		}
		if !res.Expires.IsZero() && (res.Expires.Before(res.Fetched) || res.Expires.Sub(res.Fetched) > year) {
			t.Errorf("fetched at %v, expires at %v", res.Fetched, res.Expires)
		}
		if !res.RetryAt.IsZero() && (!res.RetryAt.After(now) || res.RetryAt.Sub(now) > day) {
			t.Errorf("retry at %v", res.RetryAt)
		}
	})
}

// FuzzProtocol answers with any bytes: the client must give a response or an
// Error, and soon.
func FuzzProtocol(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok"))
	f.Add([]byte("HTTP/0.9\n\n<html>"))
	f.Add([]byte("HTTP/1.1 302 Found\r\nLocation: //\x00\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"))
	f.Add([]byte("220 mail.example.org ESMTP\r\n"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	answers := make(chan []byte, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			select {
			case answer := <-answers:
				_, _ = conn.Write(answer)
			default:
			}
			_ = conn.Close()
		}
	}()
	f.Cleanup(func() { _ = listener.Close() })
	f.Fuzz(func(t *testing.T, answer []byte) {
		c := local(t, outside.Options{})
		answers <- answer
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_, err := c.Do(ctx, outside.Request{URL: "http://" + listener.Addr().String(), Single: true, MaxBytes: 1000})
		var e *outside.Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("the error is %v", err)
		}
		select {
		case <-answers:
		default:
		}
	})
}

func BenchmarkSingle(b *testing.B) {
	s := serve(b, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write([]byte(`{"ok":true,"result":{"message_id":1}}`))
	})
	c := local(b, outside.Options{})
	body := []byte(strings.Repeat("x", 400))
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			res, err := c.Do(context.Background(), outside.Request{
				Method: "POST", URL: s.URL + "/bot123/sendMessage", Body: body, Single: true, Redact: "123",
				Header: map[string]string{"Content-Type": "application/json"},
			})
			if err != nil || res.Status != 200 {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}
