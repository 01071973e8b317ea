package sourcetest

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// packers pack by the codings of HTTP. They write to memory, which never fails.
var packers = map[string]func(io.Writer) io.WriteCloser{ //nolint:gochecknoglobals // a table
	"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"zlib": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"raw":  func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, flate.BestSpeed); return z },
	"br":   func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 1) },
	"zstd": func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)); return z },
}

func packed(how string, text []byte) []byte {
	var b bytes.Buffer
	w := packers[how](&b)
	_, _ = w.Write(text)
	_ = w.Close()
	return b.Bytes()
}

// coded returns the honest body packed in turn, under a header that says so.
func coded(header string, how ...string) func(*exchange) {
	return altered("Content-Type: TYPE\nContent-Encoding: "+header+"\n", func(sound []byte) []byte {
		for _, one := range how {
			sound = packed(one, sound)
		}
		return sound
	})
}

// spoilt returns the honest body packed and then changed.
func spoilt(header, how string, change func([]byte) []byte) func(*exchange) {
	return altered("Content-Type: TYPE\nContent-Encoding: "+header+"\n", func(sound []byte) []byte { return change(packed(how, sound)) })
}

// nothing is 48 MB of it, packed in turn: made once, since that takes a while.
var nothing = sync.OnceValue(func() map[string][]byte { //nolint:gochecknoglobals // see above
	all := map[string][]byte{}
	for _, how := range []string{"gzip", "zlib", "br", "zstd", "gzip gzip", "br zstd"} {
		text := make([]byte, 48<<20)
		for one := range strings.FieldsSeq(how) {
			text = packed(one, text)
		}
		all[how] = text
	}
	return all
})

// bombOf is 48 MB of nothing, packed under a header that says so.
func bombOf(header, how string) func(*exchange) {
	return altered("Content-Type: TYPE\nContent-Encoding: "+header+"\n", func([]byte) []byte { return nothing()[how] })
}

// codingLies are about how a body is packed.
func codingLies() []lie {
	half := func(b []byte) []byte { return b[:len(b)/2] }
	tail := func(text string) func([]byte) []byte { return func(b []byte) []byte { return append(b, text...) } }
	wrongSum := func(b []byte) []byte { b[len(b)-6] ^= 0xff; return b }
	wrongSize := func(b []byte) []byte { b[len(b)-1] ^= 0xff; return b }
	return []lie{
		{name: "gzip", follows: brings, tell: coded("gzip", "gzip")},
		{name: "br", follows: brings, tell: coded("br", "br")},
		{name: "zstd", follows: brings, tell: coded("zstd", "zstd")},
		{name: "deflate that is zlib", follows: brings, tell: coded("deflate", "zlib")},
		{name: "deflate that is raw", follows: brings, tell: coded("deflate", "raw")},
		{name: "gzip in capitals", follows: brings, tell: coded("GZip", "gzip")},
		{name: "gzip in gzip", follows: brings, tell: coded("gzip, gzip", "gzip", "gzip")},
		{name: "br in gzip", follows: brings, tell: coded("br, gzip", "br", "gzip")},
		{name: "gzip in gzip, said once", tell: coded("gzip", "gzip", "gzip")},
		{name: "gzip said twice of one", tell: coded("gzip, gzip", "gzip")},
		{name: "gzip that nobody told of", tell: coded("identity", "gzip")},
		{name: "gzip of several members", follows: brings, tell: altered("Content-Type: TYPE\nContent-Encoding: gzip\n", func(s []byte) []byte {
			return append(packed("gzip", s[:len(s)/2]), packed("gzip", s[len(s)/2:])...)
		})},
		{name: "gzip that is none", follows: fails, tell: say(ok + "Content-Encoding: gzip\n\n\x1f\x8b\x08rubbish")},
		{name: "gzip without a body", follows: barren, tell: say(ok + "Content-Encoding: gzip\nContent-Length: 0\n\n")},
		{name: "gzip of nothing", follows: barren, tell: altered("Content-Encoding: gzip\n", func([]byte) []byte { return packed("gzip", nil) })},
		{name: "gzip that is cut", follows: fails, tell: spoilt("gzip", "gzip", half)},
		{name: "gzip without its last byte", follows: fails, tell: spoilt("gzip", "gzip", func(b []byte) []byte { return b[:len(b)-1] })},
		{name: "gzip with a wrong sum", follows: fails, tell: spoilt("gzip", "gzip", wrongSum)},
		{name: "gzip with a wrong size", follows: fails, tell: spoilt("gzip", "gzip", wrongSize)},
		{name: "gzip with rubbish behind", tell: spoilt("gzip", "gzip", tail("and rubbish"))},
		{name: "zlib with a wrong sum", follows: fails, tell: spoilt("deflate", "zlib", wrongSize)},
		{name: "zlib that is cut", follows: fails, tell: spoilt("deflate", "zlib", half)},
		{name: "br that is none", follows: fails, tell: say(ok + "Content-Encoding: br\n\n\xff\xff\xff\xffBODY")},
		{name: "br that is cut", follows: fails, tell: spoilt("br", "br", half)},
		{name: "br with rubbish behind", tell: spoilt("br", "br", tail("and rubbish"))},
		{name: "zstd that is none", follows: fails, tell: say(ok + "Content-Encoding: zstd\n\n\x28\xb5\x2f\xfd\xff\xff\xff\xff")},
		{name: "zstd that is cut", follows: fails, tell: spoilt("zstd", "zstd", half)},
		{name: "zstd with a wrong sum", follows: fails, tell: spoilt("zstd", "zstd", wrongSize)},
		{name: "zstd with a window beyond measure", follows: fails, tell: say(ok + "Content-Encoding: zstd\n\n\x28\xb5\x2f\xfd\x00\xff\x01\x00\x00")},
		{name: "zstd that says it is gigabytes", follows: fails, heavy: true, tell: say(ok + "Content-Encoding: zstd\n\n\x28\xb5\x2f\xfd\xc0\x70\xff\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00")},
		{name: "a coding of nobody", follows: fails, tell: say(ok + "Content-Encoding: cow\n\nBODY")},
		{name: "a coding of nobody beside gzip", follows: fails, tell: coded("gzip, cow", "gzip")},
		{name: "codings without end", follows: fails, tell: say(ok + "Content-Encoding: gzip" + strings.Repeat(", gzip", 50) + "\n\nBODY")},
		{name: "gzip said of what is plain", tell: say(ok + "Content-Encoding: gzip\n\nBODY")},
		{name: "br said of what is plain", follows: fails, tell: say(ok + "Content-Encoding: br\n\nBODY")},
		{name: "a gzip bomb", follows: fails, heavy: true, tell: bombOf("gzip", "gzip")},
		{name: "a gzip bomb in gzip", follows: fails, heavy: true, tell: bombOf("gzip, gzip", "gzip gzip")},
		{name: "a zlib bomb", follows: fails, heavy: true, tell: bombOf("deflate", "zlib")},
		{name: "a br bomb", follows: fails, heavy: true, tell: bombOf("br", "br")},
		{name: "a zstd bomb", follows: fails, heavy: true, tell: bombOf("zstd", "zstd")},
		{name: "a br bomb in zstd in a length of its own", follows: fails, heavy: true, tell: bombOf("br, zstd", "br zstd")},
		{name: "a bomb whose header of gzip has no end", follows: fails, heavy: true, tell: func(x *exchange) {
			x.say(ok + "Content-Encoding: gzip\n\n")
			_, _ = io.WriteString(x, "\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03")
			some := strings.Repeat("a", 1<<20)
			for range 40 {
				if _, err := io.WriteString(x, some); err != nil {
					return
				}
			}
		}},
	}
}

// wide returns a text in UTF-16.
func wide(order binary.AppendByteOrder, mark bool) func([]byte) []byte {
	return func(sound []byte) []byte {
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(string(sound))) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
}

// charsetLies are about how the characters of a text are spelt, and of what
// type it is.
func charsetLies() []lie {
	const plainly = "Content-Type: TYPE\n"
	blanks := func(with string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(" "), []byte(with), 40) }
	}
	front := func(with string) func([]byte) []byte {
		return func(b []byte) []byte { return append([]byte(with), b...) }
	}
	set := func(name string) string { return "Content-Type: text/xml; charset=" + name + "\n" }
	as := func(name string) func(*exchange) {
		return altered("Content-Type: "+name+"\n", func(b []byte) []byte { return b })
	}
	return []lie{
		{name: "a byte order mark", follows: brings, tell: altered(plainly, front("\ufeff"))},
		{name: "two byte order marks", tell: altered(plainly, front("\ufeff\ufeff"))},
		{name: "a mark of another order than that of the bytes", tell: altered(plainly, front("\xfe\xff"))},
		{name: "UTF-16 with a mark", tell: altered(set("utf-16"), wide(binary.LittleEndian, true))},
		{name: "UTF-16 the other way with a mark", tell: altered(set("utf-16"), wide(binary.BigEndian, true))},
		{name: "UTF-16 without a mark", tell: altered(set("utf-16"), wide(binary.BigEndian, false))},
		{name: "UTF-16 that is said to be UTF-8", tell: altered(set("utf-8"), wide(binary.LittleEndian, true))},
		{name: "UTF-16 of an odd length", tell: altered(set("utf-16le"), func(b []byte) []byte { return append(wide(binary.LittleEndian, true)(b), 'x') })},
		{name: "UTF-16 with half a character", tell: altered(set("utf-16le"), func(b []byte) []byte { return append(wide(binary.LittleEndian, true)(b), 0x00, 0xd8) })},
		{name: "UTF-32", tell: altered(set("utf-32"), front("\xff\xfe\x00\x00"))},
		{name: "UTF-7", tell: altered(set("utf-7"), blanks("+ADw-script+AD4-"))},
		{name: "a charset of nobody", tell: altered(set("cow"), front(""))},
		{name: "a charset that is nothing", tell: altered(set(`""`), front(""))},
		{name: "two charsets", tell: altered("Content-Type: text/xml; charset=utf-8; charset=utf-16\n", front(""))},
		{name: "two types", tell: altered("Content-Type: image/png\nContent-Type: TYPE\n", front(""))},
		{name: "overlong UTF-8", tell: altered(plainly, blanks("\xc0\xbcscript\xc0\xbe"))},
		{name: "surrogates in UTF-8", tell: altered(plainly, blanks("\xed\xa0\x80"))},
		{name: "characters beyond all in UTF-8", tell: altered(plainly, blanks("\xf7\xbf\xbf\xbf"))},
		{name: "UTF-8 that is cut in a character", tell: altered(plainly, func(b []byte) []byte { return append(b, 0xe2, 0x82) })},
		{name: "Latin-1 that is said to be UTF-8", tell: altered(set("utf-8"), blanks("\xe9"))},
		{name: "UTF-8 that is said to be Latin-1", tell: altered(set("iso-8859-1"), blanks("é"))},
		{name: "EBCDIC", tell: altered(set("ibm037"), front(""))},
		{name: "escapes of ISO-2022", tell: altered(set("iso-2022-jp"), blanks("\x1b$B!!\x1b(B"))},
		{name: "controls in the text", tell: altered(plainly, blanks("\x07\x08\x1b[31m"))},
		{name: "characters that turn the text", tell: altered(plainly, blanks("\u202e\u2066\u200f"))},
		{name: "characters that are none", tell: altered(plainly, blanks("\ufffe\uffff\U0010ffff"))},
		{name: "a thousand accents on one letter", tell: altered(plainly, func(b []byte) []byte {
			return bytes.Replace(b, []byte(" "), []byte(" z"+strings.Repeat("\u0301", 1000)), 1)
		})},
		{name: "a type that is none", tell: as(";;;=")},
		{name: "a type of a picture", tell: as("image/png")},
		{name: "a type of a page", tell: as("text/html")},
		{name: "a type of a file to be kept", tell: altered("Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n", front(""))},
		{name: "a type of parts", tell: as("multipart/mixed; boundary=x")},
		{name: "a type without end", tell: as("text/xml; x=" + strings.Repeat("y", 20_000))},
	}
}
