/** Commands that mend what a survey finds; for Debian and Raspberry Pi OS. */
export const groupCommand = (group: string): string => `sudo usermod -aG ${group} "$USER" && newgrp ${group}`;
export const installCommand = (...packages: readonly string[]): string =>
  `sudo apt-get install -y ${packages.join(' ')}`;
