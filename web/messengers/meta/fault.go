package meta

import (
	"net/http"

	"keypull/web/messengers"
)

// pairLimit is the code of too many messages to one reader.
const pairLimit = 131056

// FaultOf is what a code means by itself, as statuses tell it of a message that
// was taken before; "" of one that is not known.
func FaultOf(code int) messengers.Fault {
	switch code {
	case 131047: // so long after the reader's last message
		return messengers.WindowClosed
	case 551, 131026: // does not take it: blocked, away, or not on the platform
		return messengers.Blocked
	case 4, 17, 32, 613, 130429, 131048, pairLimit, 133016:
		return messengers.LimitedUntil
	case 1, 2, 1200, 131000, 131016, 131057, 133004:
		return messengers.Temporary
	case 3, 10, 33, 102, 190, 368, 463, 467, 131005, 131031, 131042, 131045, 133010:
		return messengers.TokenInvalid
	case 100, 130472, 131008, 131009, 131021, 131049, 131051, 131052, 131053:
		return messengers.Permanent
	}
	switch {
	case code >= 200 && code <= 299: // permissions
		return messengers.TokenInvalid
	case code >= 80000 && code <= 80014: // of one use case each
		return messengers.LimitedUntil
	case code >= 132000 && code < 133000: // templates
		return messengers.Permanent
	}
	return ""
}

// ofPair are codes that mean something else with a subcode.
var ofPair = map[[2]int]messengers.Fault{
	{10, 2018278}:  messengers.WindowClosed,
	{10, 2534022}:  messengers.WindowClosed,
	{100, 33}:      messengers.TokenInvalid, // no such object, or not for this token
	{100, 2018001}: messengers.Permanent,    // nobody by this id
	{100, 2534014}: messengers.Permanent,
}

// Fault is what a refusal means.
func (r *Refusal) Fault() messengers.Fault {
	if fault, ok := ofPair[[2]int{r.Code, r.Subcode}]; ok {
		return fault
	}
	if fault := FaultOf(r.Code); fault != "" && r.Code != 0 {
		return fault
	}
	switch {
	case r.Status == http.StatusTooManyRequests:
		return messengers.LimitedUntil
	case r.Status >= http.StatusInternalServerError || r.Status == http.StatusRequestTimeout || r.transient:
		return messengers.Temporary
	case r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden || r.framed && r.Code == 0:
		return messengers.TokenInvalid
	}
	return messengers.Permanent
}
