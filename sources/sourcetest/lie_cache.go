package sourcetest

import (
	"net/http"
	"strings"
	"time"
)

// cacheLies are about times and validators.
func cacheLies() []lie {
	lies := []lie{
		{name: "a 304 with nothing known", follows: fails, tell: say("HTTP/1.1 304 Not Modified\nConnection: close\n\n")},
		{name: "a 304 with the tag that was asked by", follows: fails, tell: say("HTTP/1.1 304 Not Modified\nConnection: close\nETag: TAG\n\n")},
		{name: "a 304 with another tag", follows: fails, tell: say("HTTP/1.1 304 Not Modified\nConnection: close\nETag: \"other\"\n\n")},
		{name: "a 304 with a body", follows: fails, tell: say("HTTP/1.1 304 Not Modified\nConnection: close\nContent-Length: 5\n\nhello")},
		{name: "a 304 that is of the future", follows: fails, tell: say("HTTP/1.1 304 Not Modified\nConnection: close\nDate: Fri, 01 Jan 2100 00:00:00 GMT\nLast-Modified: Fri, 01 Jan 2100 00:00:00 GMT\n\n")},
		{name: "a 304 that is a hundred years old", follows: fails, tell: say("HTTP/1.1 304 Not Modified\nConnection: close\nAge: 3153600000\n\n")},
		{name: "a 412 to what was asked by a tag", follows: fails, tell: status(http.StatusPreconditionFailed, "")},
	}
	for name, head := range map[string]string{
		"a tag that never is the same":          "ETag: \"NOW\"\n",
		"a tag without quotes":                  "ETag: bare\n",
		"a tag that is empty":                   "ETag: \"\"\n",
		"a tag of anything":                     "ETag: *\n",
		"a tag of kilobytes":                    "ETag: \"" + strings.Repeat("e", 30_000) + "\"\n",
		"a tag with controls":                   "ETag: \"a\tb\"\n",
		"two tags":                              "ETag: \"a\"\nETag: \"b\"\n",
		"changed in the future":                 "Last-Modified: Fri, 01 Jan 2100 00:00:00 GMT\n",
		"changed before all":                    "Last-Modified: Mon, 01 Jan 0001 00:00:00 GMT\n",
		"changed at no time":                    "Last-Modified: never\n",
		"changed in words of kilobytes":         "Last-Modified: " + strings.Repeat("Mon, ", 6000) + "\n",
		"times that are none":                   "Date: yesterday\nExpires: 0\nLast-Modified: never\nAge: -5\nRetry-After: soon\nCache-Control: max-age=99999999999999999999\n",
		"times of another age":                  "Date: Mon, 01 Jan 9999 00:00:00 GMT\nExpires: Mon, 01 Jan 0001 00:00:00 GMT\nAge: 99999999999\n",
		"an age of years":                       "Age: 99999999\n",
		"an age below nought":                   "Age: -1\n",
		"an age with a fraction":                "Age: 1.5\n",
		"two ages":                              "Age: 5\nAge: 70000\n",
		"a date of last year from a cache":      "Via: 1.1 old\nDate: Wed, 01 Jan 2020 00:00:00 GMT\n",
		"a date in the year 0":                  "Date: Sat, 01 Jan 0000 00:00:00 GMT\n",
		"a date in the year 9999":               "Date: Fri, 31 Dec 9999 23:59:59 GMT\nAge: 5\n",
		"two dates":                             "Date: Wed, 01 Jan 2020 00:00:00 GMT\nDate: NOW\n",
		"fresh for a hundred years":             "Cache-Control: max-age=3153600000, immutable\n",
		"fresh for less than nothing":           "Cache-Control: max-age=-1\n",
		"fresh for words":                       "Cache-Control: max-age=\"soon\", s-maxage=,,,=\n",
		"fresh and not to be kept":              "Cache-Control: max-age=3600, no-store, max-age=0\n",
		"directives without end":                "Cache-Control: " + strings.Repeat("x=y,", 10_000) + "\n",
		"a quote in directives that never ends": "Cache-Control: private=\"" + strings.Repeat("a,", 500) + "\n",
		"expired before it was sent":            "Date: NOW\nExpires: Thu, 01 Jan 1970 00:00:00 GMT\n",
		"expires in the year 9999":              "Expires: Fri, 31 Dec 9999 23:59:59 GMT\n",
		"expires at no time":                    "Expires: -1\n",
		"varies by everything":                  "Vary: *\n",
		"varies without end":                    "Vary: " + strings.Repeat("Accept, ", 5000) + "\n",
		"a warning of a cache":                  "Warning: 110 cache \"Response is stale\"\nX-Cache: HIT\n",
		"a policy that wants https for ever":    "Strict-Transport-Security: max-age=99999999; includeSubDomains\nAlt-Svc: h3=\":1\"; ma=99999999\n",
		"a site that is to be forgotten":        "Clear-Site-Data: \"*\"\n",
		"a refresh inside":                      "Refresh: 0;url=http://127.0.0.3:INSIDE/inside\n",
	} {
		lies = append(lies, lie{name: name, follows: brings, tell: status(http.StatusOK, head)})
	}
	return lies
}

// restLies ask to be left alone, sensibly or not.
func restLies() []lie {
	at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	var lies []lie
	for name, until := range map[string]string{
		"no seconds": "0", "seconds": "120", "seconds below nought": "-5", "seconds with a fraction": "1.5", "seconds in an exponent": "1e9",
		"a year": "31536000", "more than all": "99999999999999999999999", "words": "soon", "nothing": "", "a date that is past": at(-time.Hour),
		"a date in a year": at(365 * 24 * time.Hour), "a date in the year 9999": "Fri, 31 Dec 9999 23:59:59 GMT", "a date that is none": "Mon, 32 Foo 2026 25:61:61 GMT", "two of them": "5\nRetry-After: 7200",
	} {
		lies = append(lies,
			lie{name: "a 429 that wants rest for " + name, follows: fails, tell: status(http.StatusTooManyRequests, "Retry-After: "+until+"\n")},
			lie{name: "a 503 that wants rest for " + name, follows: fails, tell: status(http.StatusServiceUnavailable, "Retry-After: "+until+"\n")},
		)
	}
	return append(lies, lie{name: "content, and rest for a year", follows: brings, tell: status(http.StatusOK, "Retry-After: 31536000\n")})
}
