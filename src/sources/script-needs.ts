/*
 * What installation scripts of Debian's packages count on without saying so, as every Debian has it: update-rc.d of
 * init-system-helpers, the groups (adm, www-data) that base-passwd makes, and `which`, a link that a script of debianutils
 * makes. Source: installs on -dev images made from
 * the catalog's lists, where x11-common, nginx-common, redis-tools, apache2, screen, tor and ssl-cert stopped; and the
 * dependencies in the index of Debian 13 for what brings one of them. The lists hold what Dockerfiles install.
 */

/** These bring x11-common, by what they depend on. */
const startScripts = `
  at-spi2-core audacity blender chromium chromium-driver chromium-l10n cups default-jdk default-jre doxygen-latex
  emacs ffmpeg fluxbox fonts-urw-base35 freeglut3-dev ghostscript gimp git-all git-gui gitk gnuplot gnuplot-x11
  graphviz groff gsfonts gstreamer1.0-plugins-bad gstreamer1.0-plugins-good kicad libavdevice-dev libavdevice61
  libcairo2-dev libgtk-3-dev libgtk-4-dev libice6 libmagick++-dev libmagickcore-dev libmagickwand-dev libopencv-dev
  libpango1.0-dev libqt5opengl5-dev libqt5x11extras5-dev libreoffice libreoffice-calc libreoffice-core
  libreoffice-impress libreoffice-writer librsvg2-dev libsdl2-2.0-0 libsdl2-dev libsm6 libtk8.6 libvips-dev
  libwebkit2gtk-4.1-0 libwebkit2gtk-4.1-dev libwxgtk3.2-dev libxaw7 libxaw7-dev libxmu-dev libxmu6 libxss1 libxt-dev
  libxt6t64 libxtst6 lmodern mpd mplayer mpv octave openbox openjdk-21-jdk openjdk-21-jre openjdk-25-jdk
  openjdk-25-jre openscad pulseaudio pyqt5-dev-tools python3-matplotlib python3-opencv python3-pyqt5 python3-pyqt6
  python3-tk qml-module-qtgraphicaleffects qml-module-qtquick-controls qml-module-qtquick-dialogs
  qml-module-qtquick-window2 qmlscene qt6-base-dev qt6-declarative-dev qt6-tools-dev-tools qtbase5-dev
  qtdeclarative5-dev qttools5-dev r-base r-base-core r-base-dev r-cran-rodbc r-recommended scrot texlive texlive-base
  texlive-fonts-recommended texlive-full texlive-latex-base texlive-latex-extra texlive-latex-recommended
  texlive-xetex tigervnc-standalone-server tk tk-dev vim-gtk3 vlc wireshark wmctrl x11-apps x11-utils
  x11-xserver-utils x11vnc xclip xdotool xinit xorg xserver-xorg-video-dummy xterm xvfb
`;

/** These bring it by what they recommend. */
const recommendedStartScripts = `
  biber firefox-esr gir1.2-gtk-3.0 glances gnome-keyring gnuplot-nox gparted graphicsmagick ibus imagemagick
  imagemagick-7.q16 inkscape libatk-bridge2.0-0t64 libatspi2.0-0t64 libcanberra-gtk3-module libfltk1.3-dev
  libgtk-3-0t64 libmagickcore-7.q16-10-extra libreoffice-common libreoffice-core-nogui libreoffice-java-common
  libvips-tools libvips42t64 libvirt-daemon-system libwine libwmf-dev meld mesa-utils mtr npm php-imagick
  policycoreutils-python-utils remmina remmina-plugin-rdp virt-manager virt-viewer xdg-utils
`;

/** These give files to groups of the base system. */
const groups = `
  apache2 cups nginx nginx-core nginx-extras nginx-full nginx-light postgresql postgresql-17 postgresql-common
  postgresql-server-dev-all redis redis-server redis-tools screen tor
`;

/** These recommend one that does. */
const recommendedGroups = `
  git-all php php-amqp php-apcu php-dev php-imagick php-mcrypt php-memcache php-memcached php-mongodb php-redis
  php-solr php-yaml php8.4 php8.4-dev postfix
`;

const versioned = /^(?:openjdk-\d+-(?:jre|jdk)|qt6-\w+-dev|qt\w+5-dev)$/;
const versionedGroups = /^postgresql(?:-server-dev)?-\d+$/;

interface Needs {
  readonly startScripts: ReadonlySet<string>;
  readonly recommendedStartScripts: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly recommendedGroups: ReadonlySet<string>;
}

const setOf = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter((name) => name !== ''));
let needs: Needs | undefined;

/** shared-mime-info makes the cache, by which gdk-pixbuf knows images, only where there is a `which`. */
const mimeTypes = /^(?:shared-mime-info|libgdk-pixbuf.*|librsvg2-.*|libgtk-?[34].*|libwebkit2gtk.*)$/;

/** The packages that have to be installed before this one on a Debian without its base system; none for most. */
export function scriptNeeds(name: string, withRecommends: boolean): readonly string[] {
  needs ??= {
    startScripts: setOf(startScripts),
    recommendedStartScripts: setOf(recommendedStartScripts),
    groups: setOf(groups),
    recommendedGroups: setOf(recommendedGroups),
  };
  const accounts =
    needs.groups.has(name) || versionedGroups.test(name) || (withRecommends && needs.recommendedGroups.has(name));
  if (accounts) return ['base-passwd', 'init-system-helpers'];
  const starts =
    needs.startScripts.has(name) || versioned.test(name) || (withRecommends && needs.recommendedStartScripts.has(name));
  const which = mimeTypes.test(name) ? ['gnu-which'] : [];
  return starts ? ['init-system-helpers', ...which] : which;
}

/** Every name of the lists, for checking them against an index. */
export function scriptNeedingNames(): readonly string[] {
  return [startScripts, recommendedStartScripts, groups, recommendedGroups].flatMap((list) => [...setOf(list)]);
}
