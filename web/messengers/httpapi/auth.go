package httpapi

import (
	"encoding/base64"
	"maps"
	"net/url"
)

// Auth lets a call's secret go along with it: in the path or query of the request,
// or in one of the headers.
type Auth func(r *Request, header map[string]string)

// Bearer is the header "Authorization: Bearer …".
func Bearer(r *Request, header map[string]string) { header["Authorization"] = "Bearer " + r.Secret }

// Header returns a header that holds the secret behind a prefix.
func Header(name, prefix string) Auth {
	return func(r *Request, header map[string]string) { header[name] = prefix + r.Secret }
}

// Basic returns a user's password (RFC 7617).
func Basic(user string) Auth {
	return func(r *Request, header map[string]string) {
		header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+r.Secret))
	}
}

// Query returns a field of the query.
func Query(name string) Auth {
	return func(r *Request, _ map[string]string) {
		query := url.Values{name: {r.Secret}}
		maps.Copy(query, r.Query)
		r.Query = query
	}
}

// Path returns the beginning of every path.
func Path(prefix string) Auth {
	return func(r *Request, _ map[string]string) { r.Path = prefix + r.Secret + r.Path }
}
