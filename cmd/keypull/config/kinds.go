package config

import (
	"slices"

	"keypull/sources"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// Kinds are the plug-ins that a configuration may name, in the order of menus.
type Kinds struct {
	Sources    []sources.Kind
	Messengers []messengers.Kind
	Bridges    []desk.Kind
}

// newBridge returns the blank settings of a kind of bridges, or nil if there is none of that name.
func (ks Kinds) newBridge(name string) any {
	i := slices.Index(ks.bridgeNames(), name)
	if i < 0 {
		return nil
	}
	return ks.Bridges[i].New()
}

func (ks Kinds) bridgeNames() (names []string) {
	for _, k := range ks.Bridges {
		names = append(names, k.Name)
	}
	return names
}

// newSource returns the blank settings of a kind of sources, or nil if there is none
// of that name.
func (ks Kinds) newSource(name string) any {
	i := slices.Index(ks.sourceNames(), name)
	if i < 0 {
		return nil
	}
	return ks.Sources[i].New()
}

// newMessenger is newSource for messengers.
func (ks Kinds) newMessenger(name string) any {
	i := slices.Index(ks.messengerNames(), name)
	if i < 0 {
		return nil
	}
	return ks.Messengers[i].New()
}

// hasMembers reports whether none but the members of a workspace can write to channels of a
// kind.
func (ks Kinds) hasMembers(name string) bool {
	return slices.ContainsFunc(ks.Messengers, func(k messengers.Kind) bool { return k.Name == name && k.Writers == messengers.Members })
}

func (ks Kinds) sourceNames() (names []string) {
	for _, k := range ks.Sources {
		names = append(names, k.Name)
	}
	return names
}

func (ks Kinds) messengerNames() (names []string) {
	for _, k := range ks.Messengers {
		names = append(names, k.Name)
	}
	return names
}

// newApp is newSource for the apps of messengers.
func (ks Kinds) newApp(name string) any {
	k := messengers.AppKindOf(ks.Messengers, name)
	if k == nil {
		return nil
	}
	return k.New()
}

func (ks Kinds) appNames() (names []string) {
	for _, k := range ks.Messengers {
		if k.App != nil && !slices.Contains(names, k.App.Name) {
			names = append(names, k.App.Name)
		}
	}
	return names
}
