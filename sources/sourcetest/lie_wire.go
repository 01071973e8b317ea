package sourcetest

import (
	"fmt"
	"io"
	"strings"
)

// lengthLies are about how long a body is said to be.
func lengthLies() []lie {
	return []lie{
		{name: "a length too long", follows: fails, tell: say(ok + "Content-Length: 1000000\n\nBODY")},
		{name: "a length too short", tell: say(ok + "Content-Length: 5\n\nBODY")},
		{name: "a length that is none", follows: fails, tell: say(ok + "Content-Length: many\n\nBODY")},
		{name: "a negative length", follows: fails, tell: say(ok + "Content-Length: -1\n\nBODY")},
		{name: "a length with a sign", follows: fails, tell: say(ok + "Content-Length: +LENGTH\n\nBODY")},
		{name: "a length in hexadecimal", follows: fails, tell: say(ok + "Content-Length: 0x10\n\nBODY")},
		{name: "a length with a fraction", follows: fails, tell: say(ok + "Content-Length: 10.0\n\nBODY")},
		{name: "a length beyond all", follows: fails, tell: say(ok + "Content-Length: 99999999999999999999\n\nBODY")},
		{name: "a huge length", follows: fails, tell: say(ok + "Content-Length: 9000000000000\n\nBODY")},
		{name: "a length just beyond the limit of numbers", follows: fails, tell: say(ok + "Content-Length: 9223372036854775808\n\nBODY")},
		{name: "two lengths", follows: fails, tell: say(ok + "Content-Length: 5\nContent-Length: 9\n\nBODY")},
		{name: "one length twice", follows: brings, tell: say(ok + "Content-Length: LENGTH\nContent-Length: LENGTH\n\nBODY")},
		{name: "two lengths in one line", follows: fails, tell: say(ok + "Content-Length: 5, 9\n\nBODY")},
		{name: "no length and no end but the end", follows: brings, tell: say(ok + "\nBODY")},
		{name: "a length of nothing and a body", tell: say(ok + "Content-Length: 0\n\nBODY")},
		{name: "a 200 without a body", follows: barren, tell: say(ok + "Content-Length: 0\n\n")},
	}
}

// chunkLies are about bodies in chunks.
func chunkLies() []lie {
	const chunked = ok + "Transfer-Encoding: chunked\n\n"
	whole := func(head, tail string) func(*exchange) {
		return func(x *exchange) {
			x.say(ok + "Transfer-Encoding: chunked\n" + head + "\n" + fmt.Sprintf("%x\n", x.sound.Body.Len()) + "BODY\n" + tail)
		}
	}
	return []lie{
		{name: "chunks and a length", tell: say(ok + "Content-Length: 5\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n")},
		{name: "garbage in place of chunks", follows: fails, tell: say(chunked + "zz\nBODY\n")},
		{name: "a chunk that is cut", follows: fails, tell: say(chunked + "ffff\nBODY")},
		{name: "a chunk beyond all", follows: fails, tell: say(chunked + "fffffffffffffffff\nBODY")},
		{name: "a negative chunk", follows: fails, tell: say(chunked + "-5\nBODY\n0\n\n")},
		{name: "a chunk without a size", follows: fails, tell: say(chunked + "\nBODY\n0\n\n")},
		{name: "a chunk that is longer than it says", follows: fails, tell: say(chunked + "3\nBODY\n0\n\n")},
		{name: "chunks without a last one", follows: fails, tell: whole("", "")},
		{name: "a last chunk without its empty line", follows: fails, tell: whole("", "0\n")},
		{name: "a size of a chunk that is cut", follows: fails, tell: whole("", "1")},
		{name: "a size of a chunk with zeros before it", follows: fails, tell: say(chunked + strings.Repeat("0", 5000) + "3\nabc\n0\n\n")},
		{name: "a trailer", follows: brings, tell: whole("Trailer: X-Sum\n", "0\nX-Sum: 5\n\n")},
		{name: "a trailer that nobody announced", follows: brings, tell: whole("", "0\nX-Sum: 5\n\n")},
		{name: "a trailer that sets a length", tell: whole("", "0\nContent-Length: 3\nTransfer-Encoding: cow\n\n")},
		{name: "a trailer that is none", follows: fails, tell: whole("", "0\nnonsense\n\n")},
		{name: "a trailer without end", follows: fails, tell: endlessly(chunked+"1\nx\n0\n", "X-More: and more\n")},
		{name: "an endless chunk extension", follows: fails, tell: endlessly(chunked+"1;", "x")},
		{name: "chunks of one byte without end", heavy: true, follows: fails, tell: endlessly(chunked, "1\nx\n")},
		{name: "an extension at each of many chunks", follows: fails, tell: endlessly(chunked, "1;"+strings.Repeat("y", 900)+"\nx\n")},
		{name: "a transfer coding of nobody", follows: fails, tell: say(ok + "Transfer-Encoding: cow\n\nBODY")},
		{name: "chunked twice", follows: fails, tell: say(ok + "Transfer-Encoding: chunked, chunked\n\n3\nabc\n0\n\n")},
		{name: "chunked and gzip as one transfer", follows: fails, tell: say(ok + "Transfer-Encoding: gzip, chunked\n\n3\nabc\n0\n\n")},
		{name: "chunks in HTTP/1.0", tell: say("HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n")},
	}
}

// headLies are about the line and the header above a body.
func headLies() []lie {
	long := strings.Repeat("a", 1<<20)
	return []lie{
		{name: "nothing at all", follows: fails, tell: say("")},
		{name: "a line that is not HTTP", follows: fails, tell: say("SSH-2.0-OpenSSH_9.6\n\n")},
		{name: "HTTP/0.9", follows: fails, tell: say("BODY")},
		{name: "HTTP/1.0", follows: brings, tell: say("HTTP/1.0 200 OK\nContent-Type: TYPE\n\nBODY")},
		{name: "a version of HTTP to come", tell: say("HTTP/9.9 200 OK\n\nBODY")},
		{name: "a version that is none", follows: fails, tell: say("HTTP/x 200 OK\n\nBODY")},
		{name: "ICY in place of HTTP", follows: fails, tell: say("ICY 200 OK\n\nBODY")},
		{name: "a status that is none", follows: fails, tell: say("HTTP/1.1 abc OK\n\nBODY")},
		{name: "a status of four digits", follows: fails, tell: say("HTTP/1.1 2000 OK\n\nBODY")},
		{name: "a negative status", follows: fails, tell: say("HTTP/1.1 -20 OK\n\nBODY")},
		{name: "a status without a reason", follows: brings, tell: say("HTTP/1.1 200\nConnection: close\nContent-Type: TYPE\n\nBODY")},
		{name: "a reason without end", follows: fails, tell: endlessly("HTTP/1.1 200 ", "fine and ")},
		{name: "a head that is cut", follows: fails, tell: say("HTTP/1.1 200 OK\nContent-Ty")},
		{name: "a head without its empty line", follows: fails, tell: say(ok)},
		{name: "a head without end", follows: fails, tell: endlessly(ok, "X-More: and more\n")},
		{name: "a line of a head without end", follows: fails, tell: endlessly(ok+"X-Long: ", "and more ")},
		{name: "a header of a megabyte", follows: fails, tell: say(ok + "X-Long: " + long + "\n\nBODY")},
		{name: "a name of a megabyte", follows: fails, tell: say(ok + long + ": x\n\nBODY")},
		{name: "thousands of headers", follows: fails, tell: say(ok + strings.Repeat("X-A: b\n", 20_000) + "\nBODY")},
		{name: "a header without a colon", follows: fails, tell: say(ok + "nonsense\n\nBODY")},
		{name: "a header without a name", follows: fails, tell: say(ok + ": nobody\n\nBODY")},
		{name: "a blank before the colon", tell: say(ok + "X-A : b\n\nBODY")},
		{name: "a NUL in a header", follows: fails, tell: say(ok + "X-A: a\x00b\n\nBODY")},
		{name: "a NUL in a name", follows: fails, tell: say(ok + "X\x00A: b\n\nBODY")},
		{name: "bytes beyond ASCII in a header", follows: brings, tell: say(ok + "X-A: \xff\xfe\xe9\n\nBODY")},
		{name: "a header that is folded", follows: brings, tell: say(ok + "X-A: one\n two\n\tthree\n\nBODY")},
		{name: "a fold before any header", follows: fails, tell: say("HTTP/1.1 200 OK\n X-A: one\n\nBODY")},
		{name: "lines that end in LF alone", follows: brings, tell: func(x *exchange) {
			_, _ = io.WriteString(x, "HTTP/1.1 200 OK\nConnection: close\nContent-Type: "+typeOf(x.sound)+"\n\n"+x.sound.Body.String())
		}},
		{name: "lines that end in CR alone", follows: fails, tell: func(x *exchange) {
			_, _ = io.WriteString(x, "HTTP/1.1 200 OK\rConnection: close\r\r"+x.sound.Body.String())
		}},
		{name: "empty lines before the answer", follows: fails, tell: say("\n\n\n" + ok + "\nBODY")},
		{name: "a flood of 1xx", follows: fails, tell: endlessly("", "HTTP/1.1 103 Early Hints\nLink: </a>\n\n")},
		{name: "a flood of 100", follows: fails, tell: endlessly("", "HTTP/1.1 100 Continue\n\n")},
		{name: "a flood of cookies", tell: say(ok + strings.Repeat("Set-Cookie: a=b; Path=/\n", 2000) + "\nBODY")},
		{name: "a cookie for everybody", follows: brings, tell: say(ok + "Set-Cookie: track=you; Domain=127.0.0.1; Path=/; Max-Age=99999999999\n\nBODY")},
		{name: "a connection that names headers away", follows: brings, tell: say("HTTP/1.1 200 OK\nConnection: close, Content-Type, Content-Length\nContent-Type: TYPE\nContent-Length: LENGTH\n\nBODY")},
	}
}
