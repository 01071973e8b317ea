package sourcetest

import (
	"io"
	"net"
	"net/http"
)

// cutLies are connections that end, or go on, at the wrong moment.
func cutLies() []lie {
	const kept = "HTTP/1.1 200 OK\nContent-Type: TYPE\nContent-Length: LENGTH\n\nBODY"
	return []lie{
		{name: "a reset in place of an answer", follows: fails, tell: reset("")},
		{name: "a reset within the status", follows: fails, tell: reset("HTTP/1.1 2")},
		{name: "a reset within the header", follows: fails, tell: reset(ok + "X-A")},
		{name: "a reset behind the header", follows: fails, tell: reset(ok + "Content-Length: 1000\n\n")},
		{name: "a reset in the midst", follows: fails, tell: reset(ok + "Content-Length: 1000\n\n<rss>")},
		{name: "an end behind the header", follows: fails, tell: say(ok + "Content-Length: 1000\n\n")},
		{name: "an end one byte too soon", follows: fails, tell: func(x *exchange) {
			x.say(ok + "Content-Length: LENGTH\n\n")
			_, _ = x.Write(x.sound.Body.Bytes()[:x.sound.Body.Len()-1])
		}},
		{name: "a reset before the request", follows: fails, greet: linger},
		{name: "a close before the request", follows: fails, greet: greetsAtOnce("")},
		{name: "an answer before the request", greet: greetsAtOnce("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>")},
		{name: "a refusal before the request", follows: fails, greet: greetsAtOnce("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")},
		{name: "a kept connection closed under the request", keeps: true, follows: fails, tell: say("")},
		{name: "a kept connection reset under the request", keeps: true, follows: fails, tell: reset("")},
		{name: "a kept connection with an answer to spare", keeps: true, follows: brings, tell: say(kept + "HTTP/1.1 200 OK\nContent-Length: 3\n\nbad")},
		{name: "a kept connection with bytes to spare", keeps: true, follows: brings, tell: say(kept + "and something more")},
		{name: "keep-alive and then closed", keeps: true, follows: brings, tell: say(kept)},
		{name: "keep-alive for no time at all", follows: brings, tell: say("HTTP/1.1 200 OK\nKeep-Alive: timeout=0, max=0\nContent-Type: TYPE\nContent-Length: LENGTH\n\nBODY")},
		{name: "keep-alive and close at once", follows: brings, tell: say("HTTP/1.1 200 OK\nConnection: keep-alive, close\nContent-Type: TYPE\nContent-Length: LENGTH\n\nBODY")},
	}
}

// stallLies go on for longer than anybody waits.
func stallLies() []lie {
	lies := []lie{
		{name: "silence", tell: stall("")},
		{name: "silence within the status", tell: stall("HTTP/1.")},
		{name: "silence within the header", tell: stall(ok + "X-A")},
		{name: "silence behind the header", tell: stall(ok + "Content-Length: 1000\n\n")},
		{name: "silence before the last byte", tell: func(x *exchange) {
			x.say(ok + "Content-Length: LENGTH\n\n")
			_, _ = x.Write(x.sound.Body.Bytes()[:x.sound.Body.Len()-1])
			_, _ = io.Copy(io.Discard, x.in)
		}},
		{name: "silence before the last chunk", tell: stall(ok + "Transfer-Encoding: chunked\n\n1\nx\n")},
		{name: "silence within a chunk", tell: stall(ok + "Transfer-Encoding: chunked\n\nff\nx")},
		{name: "silence within gzip", tell: stall(ok + "Content-Encoding: gzip\n\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")},
		{name: "silence behind a hint", tell: stall("HTTP/1.1 103 Early Hints\nLink: </a>\n\n")},
		{name: "silence behind a 100", tell: stall("HTTP/1.1 100 Continue\n\n")},
		{name: "silence behind another protocol", tell: stall("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\n")},
		{name: "silence where the connection should end", tell: stall("HTTP/1.1 200 OK\nContent-Type: TYPE\n\nBODY")},
		{name: "silence before the request", greet: func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{name: "silence behind a redirect", tell: func(x *exchange) {
			if x.request.URL.Path == "/moved" {
				stall("")(x)
				return
			}
			x.say(moved(http.StatusFound, "/moved"))
		}},
		{name: "a slow drip of a status", tell: drip("", "H")},
		{name: "a slow drip of a head", tell: drip("HTTP/1.1 200 OK\nX-Slow: ", "x")},
		{name: "a slow drip of headers", tell: drip(ok, "X-A: b\n")},
		{name: "a slow drip of a body", tell: drip(ok+"\n", "x")},
		{name: "a slow drip of chunks", tell: drip(ok+"Transfer-Encoding: chunked\n\n", "1\nx\n")},
		{name: "a slow drip of a size of a chunk", tell: drip(ok+"Transfer-Encoding: chunked\n\n", "0")},
		{name: "a slow drip of hints", tell: drip("", "HTTP/1.1 103 Early Hints\n\n")},
	}
	for i := range lies {
		lies[i].follows, lies[i].stalls = fails, true
	}
	return lies
}

// greetsAtOnce says something before it has heard anything.
func greetsAtOnce(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, text)
		if text != "" {
			_, _ = io.Copy(io.Discard, c)
		}
	}
}
