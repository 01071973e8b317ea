package whatsapp

import (
	"slices"

	"keypull/web/messengers"
	"keypull/web/messengers/meta"
)

// standing is what a change tells of a business: what happened to it, and how its
// review ended.
type standing struct {
	Number   meta.Word `json:"phone_number"`
	Event    string    `json:"event"`
	Decision string    `json:"decision"`
	Ban      struct {
		State string `json:"waba_ban_state"`
	} `json:"ban_info"`
	Restrictions []restriction `json:"restriction_info"`
}

type restriction struct {
	Type string `json:"restriction_type"`
}

// owned tells whether a business is the one that has the number.
func (n *number) owned(business meta.Word) bool {
	own := n.business.Load()
	return own != nil && *own == string(business)
}

// became reads that the business was banned, restricted or taken away from us, or
// given back. What Meta merely warns of changes nothing.
func (n *number) became(change meta.Change) []messengers.Event {
	var s standing
	if change.Field != "account_update" && change.Field != "account_review_update" || !meta.Decode(change.Value, &s) {
		return nil
	}
	if own := n.phone.Load(); own != nil && digits(string(s.Number)) != "" && digits(string(s.Number)) != *own {
		return nil
	}
	what := s.Event
	switch what {
	case "DISABLED_UPDATE":
		what = s.Ban.State
	case "ACCOUNT_RESTRICTION":
		// One of adding numbers is none of messages.
		of := func(r restriction) bool { return r.Type != "RESTRICTED_ADD_PHONE_NUMBER_ACTION" }
		if len(s.Restrictions) > 0 && !slices.ContainsFunc(s.Restrictions, of) {
			return nil
		}
	case "":
		what = s.Decision
	}
	kind, known := standings[what]
	if !known {
		return nil
	}
	return []messengers.Event{{Kind: kind, Code: what}}
}

// standings are what becomes of an account by what Meta calls it.
var standings = map[string]messengers.EventKind{
	"DISABLE": messengers.Suspended, "ACCOUNT_RESTRICTION": messengers.Suspended, "ACCOUNT_DELETED": messengers.Suspended, "ACCOUNT_OFFBOARDED": messengers.Suspended,
	"PARTNER_REMOVED": messengers.Suspended, "PARTNER_APP_UNINSTALLED": messengers.Suspended, "REJECTED": messengers.Suspended,
	"REINSTATE": messengers.Restored, "ACCOUNT_RECONNECTED": messengers.Restored, "APPROVED": messengers.Restored,
}
