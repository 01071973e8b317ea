package config

import (
	"cmp"
	"fmt"
	"os"
	"slices"

	"keypull/pull/catalogue"
	"keypull/pull/private"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// othersRead are the bits of a mode by which others than the owner read.
const othersRead = 0o044

// Standing returns the warnings about how the service stands on this machine, whose
// variables are those of environ, each as NAME=value.
func (c *Config) Standing(ks Kinds, environ []string) Findings {
	return slices.Concat(c.exposed(ks), c.findHalvesTogether(), c.findUnlistedProxy(), c.findUnknownVariables(environ))
}

// exposed warns where others on this machine can read the file and secrets
// stand in it as they are. Nothing stops for it: a container's only user may
// well be alone.
func (c *Config) exposed(ks Kinds) Findings {
	info, err := os.Stat(c.Path)
	if err != nil || !private.Modes || info.Mode().Perm()&othersRead == 0 {
		return nil
	}
	first, n := "", 0
	if secret := c.Backup.Passphrase.Reveal(); secret != "" && !c.origins.resolved[secret] {
		first, n = "backup.passphrase", 1
	}
	if secret := c.Backup.S3.SecretKey.Reveal(); secret != "" && !c.origins.resolved[secret] {
		first, n = cmp.Or(first, "backup.s3.secret_key"), n+1
	}
	if secret := c.Standby.Secret.Reveal(); secret != "" && !c.origins.resolved[secret] {
		first, n = cmp.Or(first, "standby.secret"), n+1
	}
	for i, p := range c.Publishers {
		if secret := p.Matcher.Secret.Reveal(); secret != "" && !c.origins.resolved[secret] {
			first, n = cmp.Or(first, "publisher"+rowPath(i)+".matcher.secret"), n+1
		}
	}
	c.eachSettings(ks, func(at string, opener any, values *map[string]any) {
		c.plain(at, opener, *values, &first, &n)
	})
	if n == 0 {
		return nil
	}
	return Findings{c.Finding(first, catalogue.Warning, "exposed",
		words.Text{Key: "config.exposed", Args: words.Args{
			"mode": fmt.Sprintf("%04o", info.Mode().Perm()), "n": n, "file": c.Path, "reference": "${NAME}",
		}})}
}

// eachSettings calls f with the settings of every kind that is named, and where they stand.
func (c *Config) eachSettings(ks Kinds, f func(at string, opener any, values *map[string]any)) {
	for i := range c.Apps {
		f("app"+rowPath(i), ks.newApp(c.Apps[i].Kind), &c.Apps[i].Settings)
	}
	for i := range c.Publishers {
		p, at := &c.Publishers[i], "publisher"+rowPath(i)
		f(at+".person.bridge", ks.newBridge(p.Person.Bridge.Kind), &p.Person.Bridge.Settings)
		for j := range p.Sources {
			f(at+".source"+rowPath(j), ks.newSource(p.Sources[j].Kind), &p.Sources[j].Settings)
		}
		for j := range p.Channels {
			f(at+".channel"+rowPath(j), ks.newMessenger(p.Channels[j].Kind), &p.Channels[j].Settings)
		}
	}
}

// plain counts the secrets among settings that no variable brought, and notes
// where the first stands.
func (c *Config) plain(at string, opener any, values map[string]any, first *string, n *int) {
	if opener == nil {
		return
	}
	// Nothing is changed and no error made: it is only looked at.
	_, _ = settings.Secrets(opener, values, func(_, secret string) (string, error) {
		if !c.origins.resolved[secret] {
			*n++
			*first = cmp.Or(*first, at+".settings")
		}
		return secret, nil
	})
}
