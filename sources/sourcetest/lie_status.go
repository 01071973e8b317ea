package sourcetest

import (
	"fmt"
	"net/http"
)

// status returns an answer of a status, with what an honest one would bring.
func status(code int, more string) func(*exchange) {
	return say(fmt.Sprintf("HTTP/1.1 %d %s\nConnection: close\nContent-Type: TYPE\n%sContent-Length: LENGTH\n\nBODY", code, http.StatusText(code), more))
}

// statusLies are statuses that bring no content, whatever lies beside them.
func statusLies() []lie {
	lies := []lie{
		{name: "a 100 and nothing", follows: fails, tell: say("HTTP/1.1 100 Continue\n\n")},
		{name: "a 100 before the answer", follows: brings, tell: say("HTTP/1.1 100 Continue\n\n" + ok + "\nBODY")},
		{name: "a 102 before the answer", follows: brings, tell: say("HTTP/1.1 102 Processing\n\n" + ok + "\nBODY")},
		{name: "a hint before the answer", follows: brings, tell: say("HTTP/1.1 103 Early Hints\nLink: </a>; rel=preload\n\n" + ok + "\nBODY")},
		{name: "a hint of a place inside", follows: brings, tell: say("HTTP/1.1 103 Early Hints\nLink: <http://127.0.0.3:INSIDE/inside>; rel=preload\n\n" + ok + "\nBODY")},
		{name: "a 199 before the answer", follows: brings, tell: say("HTTP/1.1 199 Odd\n\n" + ok + "\nBODY")},
		{name: "another protocol", follows: fails, tell: say("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\nBODY")},
		{name: "another protocol without saying which", follows: fails, tell: say("HTTP/1.1 101 Switching Protocols\n\nBODY")},
		{name: "a 204", follows: fails, tell: say("HTTP/1.1 204 No Content\nConnection: close\n\n")},
		{name: "a 204 with a body", follows: fails, tell: status(http.StatusNoContent, "")},
		{name: "a 205 with a body", follows: fails, tell: status(http.StatusResetContent, "")},
		{name: "a 206 of a part", follows: fails, tell: say("HTTP/1.1 206 Partial Content\nConnection: close\nContent-Range: bytes 0-4/900\nContent-Length: 5\n\nBODY")},
		{name: "a 206 of the whole", tell: status(http.StatusPartialContent, "Content-Range: bytes 0-LENGTH/LENGTH\n")},
		{name: "a 206 of several parts", follows: fails, tell: say("HTTP/1.1 206 Partial Content\nConnection: close\nContent-Type: multipart/byteranges; boundary=x\n\n--x\nContent-Range: bytes 0-4/9\n\nabcde\n--x--\n")},
		{name: "a status of nought", follows: fails, tell: say("HTTP/1.1 000 Odd\nConnection: close\n\nBODY")},
		{name: "a 429 that says an hour", follows: fails, tell: status(http.StatusTooManyRequests, "Retry-After: 3600\n")},
	}
	for _, code := range []int{201, 202, 203, 207, 226, 299} {
		lies = append(lies, lie{name: fmt.Sprintf("a %d with the content", code), tell: status(code, "")})
	}
	for _, code := range []int{300, 304, 305, 306, 399, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422,
		423, 424, 425, 426, 428, 429, 431, 444, 451, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 530, 599, 600, 999} {
		lies = append(lies, lie{name: fmt.Sprintf("a %d with the content", code), follows: fails, forGood: code == http.StatusGone, tell: status(code, "")})
	}
	return lies
}
