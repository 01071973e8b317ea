package sources

import (
	"encoding/base64"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Access are the settings of a source that asks over HTTP: what its requests
// carry beside the address. A Settings struct embeds it with
// `settings:"inline"`, and where it has a Check of its own, adds what that of
// Access finds. What it holds is sent to the host of the address alone: the
// client takes it off where a redirect leads to another one.
type Access struct {
	Headers  map[string]string `name:"headers" label:"Sent with each request" help:"Names and values (headers) that the address wants beside it, such as a key; sealed, and sent to the address' own host alone." check:"max=20" example:"{ \"X-Api-Key\" = \"a-long-random-word\" }" secret:"true" group:"access"`
	Username string            `name:"username" label:"User name" help:"Where the address asks for name and password (Basic)." check:"max=200" example:"reader" group:"access"`
	Password settings.Secret   `name:"password" label:"Password" help:"The password beside the user name." check:"max=1000" example:"a-long-random-word" group:"access"`
	Bearer   settings.Secret   `name:"bearer" label:"Access token" help:"Where the address asks for a token, sent as “Authorization: Bearer”." check:"max=4000" example:"a-long-random-word" group:"access"`
}

// Check finds headers that nobody may set, and two ways to say who asks.
func (a Access) Check() settings.Problems {
	var problems settings.Problems
	authorised := false
	for name, value := range a.Headers {
		switch {
		case !httpguts.ValidHeaderFieldName(name) || isHopHeader(name):
			problems = append(problems, settings.Wrong("headers", words.Text{Key: "source.header_name", Args: words.Args{"name": Line(name)}}))
		case !httpguts.ValidHeaderFieldValue(value):
			problems = append(problems, settings.Wrong("headers", words.Text{Key: "source.header_value", Args: words.Args{"name": name}}))
		}
		authorised = authorised || strings.EqualFold(name, "Authorization")
	}
	switch {
	case a.Bearer != "" && (a.Username != "" || authorised):
		problems = append(problems, settings.Wrong("bearer", words.Text{Key: "source.two_proofs"}))
	case a.Username != "" && authorised:
		problems = append(problems, settings.Wrong("username", words.Text{Key: "source.two_proofs"}))
	case a.Password != "" && a.Username == "":
		problems = append(problems, settings.Wrong("username", words.Text{Key: "source.no_username"}))
	}
	if !httpguts.ValidHeaderFieldValue(a.Bearer.Reveal()) {
		problems = append(problems, settings.Wrong("bearer", words.Text{Key: "source.header_value", Args: words.Args{"name": "Authorization"}}))
	}
	return problems
}

// isHopHeader lists the headers that are the client's own.
func isHopHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Host", "Connection", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Upgrade", "Keep-Alive",
		"Proxy-Connection", "Proxy-Authorization", "Accept-Encoding", "Expect", "Range", "If-None-Match", "If-Modified-Since":
		return true
	}
	return false
}

// On adds to a request what it carries. A header that the request has already
// is replaced.
func (a Access) On(r outside.Request) outside.Request {
	header := make(map[string]string, len(r.Header)+len(a.Headers)+1)
	for name, value := range r.Header {
		header[http.CanonicalHeaderKey(name)] = value
	}
	for name, value := range a.Headers {
		header[http.CanonicalHeaderKey(name)] = value
	}
	switch {
	case a.Bearer != "":
		header["Authorization"] = "Bearer " + a.Bearer.Reveal()
	case a.Username != "":
		header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password.Reveal()))
	}
	r.Header = header
	return r
}

// Beside is On for a request to a second address: what is carried to the own
// host goes to no other.
func (a Access) Beside(own string, r outside.Request) outside.Request {
	if !SameHost(own, r.URL) {
		return r
	}
	return a.On(r)
}

// SameHost reports whether two addresses have one scheme and host; places may stand
// behind these.
func SameHost(a, b string) bool {
	root := func(address string) string {
		scheme, rest, ok := strings.Cut(address, "://")
		if !ok {
			return ""
		}
		return strings.ToLower(scheme + "://" + rest[:strings.IndexAny(rest+"/", "/?#")])
	}
	return root(a) != "" && root(a) == root(b)
}

// Credited is the setting of any source whose content must be told with its
// origin. A Settings struct embeds it with `settings:"inline"`.
type Credited struct {
	Credit string `name:"credit" label:"Credit" help:"A line below each answer that says where it is from, as licences ask for." check:"max=200" example:"Data: Springfield Exchange" more:"true"`
}

// AddCredit returns the reply with the credit line.
func (c Credited) AddCredit(r pull.Reply) pull.Reply {
	if credit := Line(c.Credit); credit != "" && len(r.Blocks) > 0 {
		r.Blocks = append(r.Blocks[:len(r.Blocks):len(r.Blocks)], pull.Block{Kind: pull.Note, Text: credit})
	}
	return r
}
