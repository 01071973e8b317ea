package accounts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"keypull/pull/people"
)

// Wrong passwords lock an account's sign-in for a while, so that strangers could keep
// somebody out by guessing. A browser in which somebody has signed in therefore
// carries a mark, and its tries count apart. The mark opens nothing without the
// password, and ends with it.
const (
	// DeviceLife is how long after the last sign-in a browser is known.
	DeviceLife = 400 * 24 * time.Hour
	// maxMarks is how many people's marks one browser carries, maxMarkBytes
	// how much of what it brings is looked at.
	maxMarks     = 4
	maxMarkBytes = 1024
	markBytes    = 18
)

// marks joins the marks of one browser.
const marks = "~"

// newDeviceMark makes the mark by which a browser is known for a person.
func (g *Gate) newDeviceMark(p people.Person) string {
	if len(g.DeviceKey) == 0 || p.Hash == "" {
		return ""
	}
	head := people.NewID(g.Rand) + "." + strconv.FormatInt(g.Clock().Unix(), 36)
	return head + "." + g.signDeviceMark(p, head)
}

func (g *Gate) signDeviceMark(p people.Person, head string) string {
	mac := hmac.New(sha256.New, g.DeviceKey)
	// The password's hash ends the marks of an old password.
	mac.Write([]byte("device\x00" + p.ID + "\x00" + p.Hash + "\x00" + head))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:markBytes])
}

// knownDevice returns the name of a browser that a mark of a person's makes known; empty
// where none does.
func (g *Gate) knownDevice(p people.Person, brought string) string {
	if len(g.DeviceKey) == 0 || p.Hash == "" || len(brought) > maxMarkBytes {
		return ""
	}
	for mark := range strings.SplitSeq(brought, marks) {
		if g.markIsValid(p, mark) {
			return p.ID + " " + mark
		}
	}
	return ""
}

func (g *Gate) markIsValid(p people.Person, mark string) bool {
	cut := strings.LastIndexByte(mark, '.')
	if cut < 0 || !hmac.Equal([]byte(mark[cut+1:]), []byte(g.signDeviceMark(p, mark[:cut]))) {
		return false
	}
	_, since, _ := strings.Cut(mark[:cut], ".")
	seconds, err := strconv.ParseInt(since, 36, 64)
	return err == nil && g.Clock().Sub(time.Unix(seconds, 0)) < DeviceLife
}

// deviceMarks returns what a browser carries after a sign-in: a new mark of this person,
// and those of others that it had.
func (g *Gate) deviceMarks(p people.Person, brought string) string {
	own := g.newDeviceMark(p)
	if own == "" {
		return ""
	}
	all := []string{own}
	if len(brought) > maxMarkBytes {
		brought = ""
	}
	for mark := range strings.SplitSeq(brought, marks) {
		if mark != "" && !g.markIsValid(p, mark) && len(all) < maxMarks {
			all = append(all, mark)
		}
	}
	return strings.Join(all, marks)
}

// Mark returns what a browser carries from now on in which a person is signed in;
// empty where it can't be told.
func (g *Gate) Mark(ctx context.Context, person string, b Browser) string {
	p, _, err := g.People.Get(ctx, person)
	if err != nil {
		return ""
	}
	return g.deviceMarks(p, b.Device)
}

// throttleKeys returns what a try to sign in counts for: the browser where it is known
// for that person, else the account and the address.
func (g *Gate) throttleKeys(email string, p people.Person, b Browser) []people.Key {
	if device := g.knownDevice(p, b.Device); device != "" {
		return []people.Key{people.DeviceKey(device)}
	}
	return []people.Key{people.AccountKey(email), people.AddressKey(withoutPort(b.Address))}
}
