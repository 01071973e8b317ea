package alexa_test

import (
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/alexa"
	"keypull/web/messengers/messengertest"
)

func suite(s *standIn) messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Others: "a speaker answers whoever stands before it", messengertest.Times: "what is said is answered while it is listened to", messengertest.Things: "nothing but words is said"},
		Kind:  alexa.Kind, Settings: map[string]any{"skill_id": skillID, "cert_hosts": []any{s.host}, "ca_file": s.caFile},
		Folder: "testdata", Sign: s.signed, Replay: 150 * 1e9,
		Forge: func(d messengers.Delivery) messengers.Delivery {
			signature := d.Header["Signature-256"][0]
			d.Header["Signature-256"] = []string{"AAAA" + signature[4:]}
			d.Header["Signaturecertchainurl"] = []string{s.url("none.pem")}
			return d
		},
		Unasked: []messengers.Delivery{s.signed(request("u1", "false", `"type":"SessionEndedRequest","reason":"USER_INITIATED"`))},
	}
}

func TestAlexaKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite(newStandIn(t)))
}
