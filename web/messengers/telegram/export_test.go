package telegram

import "encoding/json"

// Updates returns an update as we read what is plain, and as encoding/json reads it;
// plain is false where it is left to that.
func Updates(body []byte) (own, usual any, plain bool, err error) {
	o, plain := plainly(body)
	var u update
	err = json.Unmarshal(body, &u)
	return o, u, plain, err
}
