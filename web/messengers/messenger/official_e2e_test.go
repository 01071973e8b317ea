package messenger_test

import (
	"testing"

	"keypull/web/messengers/messengertest/metatest"
)

func TestAnIndependentClientSendsTheSame(t *testing.T) {
	api := metatest.Takes(t, suite().Success)
	said := metatest.Resent(t, suite().Open(t, api.URL, nil), api, 2000, false)
	if want := "audio file image quick text typing video\n"; said != want {
		t.Errorf("the other client says %s, want all of %s", said, want)
	}
}
