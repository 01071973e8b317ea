package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// Digest returns a sum by which two processes of one service see whether they were given the same: of
// what the configuration says, however it is written, without secrets and without what each
// machine has for itself.
func (c *Config) Digest(ks Kinds) (string, error) {
	own := *c
	if own.Server.PublicURL == PublicURL(own.Server.Listen) {
		own.Server.PublicURL = "" // it was not set
	}
	own.Server.Listen, own.Node.URL, own.Store.URL, own.Secrets.KeyFile = "", "", "", ""
	own.Apps, own.Publishers = slices.Clone(c.Apps), nil
	if err := own.maskSettings(ks); err != nil {
		return "", err
	}
	sum := sha256.New()
	text := json.NewEncoder(sum)
	add := func(v any) error {
		values, err := settings.Values(v)
		if err == nil {
			err = text.Encode(values) // which masks what is a secret
		}
		if err != nil {
			return fmt.Errorf("compare the configuration: %w", err)
		}
		return nil
	}
	if err := add(&own); err != nil {
		return "", err
	}
	for _, p := range c.Publishers { // one at a time: there may be thousands
		p.Sources, p.Channels = slices.Clone(p.Sources), slices.Clone(p.Channels)
		one := Config{Publishers: []catalogue.Publisher{p}}
		if err := one.maskSettings(ks); err != nil {
			return "", err
		}
		if err := add(&one.Publishers[0]); err != nil {
			return "", err
		}
	}
	const enough = 16
	return hex.EncodeToString(sum.Sum(nil)[:enough]), nil
}

// maskSettings puts a mask in place of every secret among the settings of kinds.
func (c *Config) maskSettings(ks Kinds) (err error) {
	c.eachSettings(ks, func(at string, opener any, values *map[string]any) {
		if err != nil || opener == nil {
			return
		}
		*values, err = settings.Secrets(opener, *values, func(string, string) (string, error) { return settings.Mask, nil })
		if err != nil {
			err = fmt.Errorf("%s: %w", at, err)
		}
	})
	return err
}
