package smstwilio

import (
	"crypto/sha1" //nolint:gosec // Twilio's own
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"keypull/web/messengers"
)

// maxBody is the most that Twilio brings; a message is some kilobytes.
const maxBody = 256 << 10

// verified returns the fields of a delivery that Twilio has signed; false of one
// that it has not. What is signed is the address that it calls, and behind it
// the fields of a form, or in it the hash of any other body.
func (n *Number) verified(d messengers.Delivery) (url.Values, bool) {
	proof := messengers.Signature{Header: "X-Twilio-Signature", Secret: n.settings.AuthToken, Hash: sha1.New, Encode: base64.StdEncoding.EncodeToString}
	if len(d.Body) > maxBody {
		return nil, false
	}
	fields, tails, ok := signedFields(d)
	if !ok {
		return nil, false
	}
	good := 0
	for _, address := range spellings(d.URL) {
		for _, tail := range tails {
			if proof.Proves(d, []byte(address+tail)) {
				good++
			}
		}
	}
	return fields, good > 0
}

// signedFields returns what a delivery says, and what may be signed behind its
// address for that.
func signedFields(d messengers.Delivery) (fields url.Values, tails []string, ok bool) {
	if sums := d.Query["bodySHA256"]; len(sums) > 0 {
		sum := sha256.Sum256(d.Body)
		want := hex.EncodeToString(sum[:])
		return url.Values{}, []string{""}, len(sums) == 1 && messengers.Same(strings.ToLower(sums[0]), want)
	}
	if d.Method == http.MethodGet {
		return d.Query, []string{""}, len(d.Body) == 0
	}
	kind, _, err := mime.ParseMediaType(strings.Join(d.Header["Content-Type"], ","))
	if len(d.Body) > 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return nil, nil, false
	}
	fields, err = url.ParseQuery(string(d.Body))
	if err != nil {
		return nil, nil, false
	}
	// What becomes of a name that comes more than once differs among Twilio's libraries.
	var once, first, every strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		values := fields[name]
		first.WriteString(name + values[0])
		every.WriteString(name + strings.Join(values, ""))
		once.WriteString(name + strings.Join(slices.Compact(slices.Sorted(slices.Values(values))), name))
	}
	return fields, []string{once.String(), first.String(), every.String()}, true
}

// spellings returns the ways in which Twilio may write the address that it calls:
// with the port that goes without saying, or not; with its query as it came, or
// encoded as forms are. The fragment is never sent.
func spellings(address string) []string {
	address, _, _ = strings.Cut(address, "#")
	var all []string
	for _, a := range []string{address, requeried(address)} {
		without, with := ported(a)
		all = append(all, a, without, with)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ported returns an address without and with a port. Only the one that goes without
// saying is added.
func ported(address string) (without, with string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address, address
	}
	if port := u.Port(); port != "" {
		return strings.Replace(address, u.Host, strings.TrimSuffix(u.Host, ":"+port), 1), address
	}
	port := ":443"
	if u.Scheme == "http" {
		port = ":80"
	}
	return address, strings.Replace(address, u.Host, u.Host+port, 1)
}

// requeried returns an address whose query is encoded anew, in its own order.
func requeried(address string) string {
	before, query, ok := strings.Cut(address, "?")
	if !ok || query == "" {
		return address
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		pairs[i] = reencoded(name) + "=" + reencoded(value)
	}
	return before + "?" + strings.Join(pairs, "&")
}

// componentSigns are those that the encoding of Twilio's own library leaves.
var componentSigns = strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

func reencoded(s string) string {
	plain, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return componentSigns.Replace(url.QueryEscape(plain))
}
