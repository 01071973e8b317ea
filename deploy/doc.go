// Package deploy is how keypull reaches the machines that it runs on: the script
// that builds a release, the image, the unit, the deb. Nothing of it is in the
// binary; its tests look at what comes out.
package deploy
