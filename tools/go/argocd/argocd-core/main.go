// argocd-core holds the processes of an Argo CD without a user interface: application controller, repository server, and the helper that
// git asks for credentials. As in the upstream binary, the name that it is called by decides which; ARGOCD_BINARY_NAME overrules it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	askpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/argoproj/argo-cd/v3/common"
)

func main() {
	name := filepath.Base(os.Args[0])
	if overruled := os.Getenv("ARGOCD_BINARY_NAME"); overruled != "" {
		name = overruled
	}
	commands := map[string]func() *cobra.Command{
		common.CommandApplicationController: controller.NewCommand,
		common.CommandRepoServer:            reposerver.NewCommand,
		common.CommandGitAskPass:            askpass.NewCommand,
	}
	command, known := commands[name]
	if !known {
		fmt.Fprintf(os.Stderr, "argocd-core is no program %q: call it by the name of a part, or set ARGOCD_BINARY_NAME\n", name)
		os.Exit(64)
	}
	if command().Execute() != nil {
		os.Exit(1)
	}
}
