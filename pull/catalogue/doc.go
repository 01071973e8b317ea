// Package catalogue holds what a publisher has set up, as it stands in a
// configuration file or in the store: publishers with their sources, keywords
// and channels. The structs carry the tags of package settings, so that files,
// forms, checks and docs come from them alone.
//
// It opens nothing: kinds are names and their settings plain values here.
package catalogue
