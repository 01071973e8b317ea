package whatsapp_test

import (
	"testing"

	"keypull/pull/settings"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/meta"
	"keypull/web/messengers/whatsapp"
)

// What Meta tells of a business names no number.
func TestWhatHappensToABusinessIsHeardByAllItsNumbers(t *testing.T) {
	app, err := (&meta.AppSettings{Secret: metatest.AppSecret, Verify: metatest.Verify}).Open(messengers.Env{})
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]messengers.Messenger{}
	for id, business := range map[string]string{"1": "B", "2": "", "3": "", "4": "C"} {
		opener := whatsapp.Kind.New()
		values := map[string]any{"phone_number_id": id, "access_token": metatest.Token}
		if business != "" {
			values["account_id"] = business
		}
		if err := settings.Fill(opener, values); err != nil {
			t.Fatal(err)
		}
		if numbers[id], err = opener.Open(messengers.Env{App: app, Clock: messengertest.Now}); err != nil {
			t.Fatal(err)
		}
	}
	deliver := func(body string) map[string]int {
		_, parts, err := app.Receive(t.Context(), metatest.AppDelivery(body))
		if err != nil {
			t.Fatal(err)
		}
		heard := map[string]int{}
		for _, p := range parts {
			p.Delivery.Verified = true
			r, err := numbers[p.Account].Receive(t.Context(), p.Delivery)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range r.Events {
				if e.Kind == messengers.Suspended {
					heard[p.Account]++
				}
			}
		}
		return heard
	}
	banned := `{"object":"whatsapp_business_account","entry":[{"id":"B","changes":[{"field":"account_update","value":{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}}}]}]}`
	if heard := deliver(banned); len(heard) != 1 || heard["1"] != 1 {
		t.Errorf("before anything was told of the others: %v", heard)
	}
	deliver(`{"object":"whatsapp_business_account","entry":[{"id":"B","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"2"},"messages":[]}}]}]}`)
	if heard := deliver(banned); len(heard) != 2 || heard["1"] != 1 || heard["2"] != 1 {
		t.Errorf("got %v", heard)
	}
}
