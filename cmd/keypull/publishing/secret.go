package publishing

import (
	"encoding/base64"
	"fmt"
	"strings"

	"keypull/pull/settings"
	"keypull/pull/words"
)

// sealedMark begins a secret as it lies in the store, and one that could not be
// opened wherever it is.
const sealedMark = "sealed:"

// sealSecret seals a secret for the field that it stands in. One that could not be
// opened stays as it is, until somebody enters it anew or brings its keys back.
func (n drawer) sealSecret(purpose, path, text string) (string, error) {
	if strings.HasPrefix(text, sealedMark) {
		return text, nil
	}
	return sealedMark + base64.StdEncoding.EncodeToString(n.Vault.Seal(purpose+"/"+path, []byte(text))), nil
}

// openSecret opens a secret, or returns it as it lies: then what it belongs to is
// listed and is not opened.
func (n drawer) openSecret(purpose, path, text string) (string, error) {
	rest, ok := strings.CutPrefix(text, sealedMark)
	if !ok {
		return "", words.Fail(nil, "document.secret_open", nil)
	}
	b, err := base64.StdEncoding.DecodeString(rest)
	if err != nil {
		return text, nil //nolint:nilerr // told by lost
	}
	// Earlier versions named no field.
	for _, purpose := range []string{purpose + "/" + path, purpose} {
		if plain, err := n.Vault.Unseal(purpose, b); err == nil {
			return string(plain), nil
		}
	}
	return text, nil
}

// fillSettings fills in settings, none of whose secrets is lost.
func (n opener) fillSettings(filled any, values map[string]any) error {
	if err := findLostSecret(filled, values); err != nil {
		return err
	}
	if err := settings.FillWith(filled, values, n.Checks); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

// findLostSecret names the first secret that could not be opened.
func findLostSecret(filled any, values map[string]any) error {
	_, err := settings.Secrets(filled, values, func(field, text string) (string, error) {
		if strings.HasPrefix(text, sealedMark) {
			return "", words.Fail(nil, "document.secret_lost", words.Args{"field": field})
		}
		return text, nil
	})
	return err //nolint:wrapcheck // it names the field
}
