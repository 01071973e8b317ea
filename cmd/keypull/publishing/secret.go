package publishing

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/store"
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

// SealAnew has the secrets of all things sealed by the latest master key, and returns how many
// things had some that were not. Nothing is opened anew by it.
func (n *Publishers) SealAnew(ctx context.Context, seal store.SealAnew) (done int, err error) {
	for k, err := range n.Store.Load(ctx) {
		if err != nil || !bytes.Contains(k.Value, []byte(`"`+sealedMark)) {
			continue // what can't be read is told at the start
		}
		sealed, err := (drawer{n}).sealAnew(ctx, k, seal)
		if err != nil {
			return done, err
		}
		if sealed {
			done++
		}
	}
	return done, nil
}

// sealAnew seals the secrets of one thing, where it is as it was read.
func (n drawer) sealAnew(ctx context.Context, k store.Stored, seal store.SealAnew) (changes bool, err error) {
	n.changing.Lock()
	defer n.changing.Unlock()
	var values map[string]any
	if err := json.Unmarshal(k.Value, &values); err != nil {
		return false, nil // told at the start
	}
	thing, err := k.Resource.Fill(values)
	if err != nil {
		return false, nil // as above
	}
	thing, err = k.Resource.Secrets(thing, n.sealing(k, func(purpose, path, text string) (string, error) {
		rest, _ := strings.CutPrefix(text, sealedMark)
		b, _ := base64.StdEncoding.DecodeString(rest) // what is none opens nowhere
		// Earlier versions named no field.
		for _, purpose := range []string{purpose + "/" + path, purpose} {
			if anew, ok := seal(purpose, b); ok {
				changes = true
				return sealedMark + base64.StdEncoding.EncodeToString(anew), nil
			}
		}
		return text, nil
	}))
	if err != nil || !changes {
		return false, nil // of a kind that this binary does not know
	}
	if values, err = k.Resource.Values(thing); err != nil {
		return false, err //nolint:wrapcheck // it says what it is about
	}
	if k.Value, err = json.Marshal(values); err != nil {
		return false, fmt.Errorf("encode %s %s: %w", k.Resource, k.ID, err)
	}
	revision, err := n.Store.Put(ctx, k, k.Revision)
	if pull.KindOf(err) == pull.Conflict {
		return true, nil // written meanwhile
	}
	if err != nil {
		return false, fmt.Errorf("seal the secrets of %s %s anew: %w", k.Resource, k.ID, err)
	}
	n.noteRevision(k, revision)
	return true, nil
}

// noteRevision has a thing stand at the revision that it was written at, where it is in an edition.
func (n drawer) noteRevision(k store.Stored, revision uint64) {
	ed, id := n.currentEdition(k.Publisher), cmp.Or(k.ID, k.Publisher)
	if ed == nil || ed.publisher.MetaOf(k.Resource, id).Version != k.Revision {
		return
	}
	next := ed.copyMaps()
	next.publisher = ed.publisher.At(k.Resource, id, catalogue.Meta{Version: revision, Changed: k.Changed, By: k.By})
	n.republish(next)
}
