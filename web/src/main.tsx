import {render} from 'preact';
import {App} from './app';
import {followLinks} from './lib/router';
import {startTheme} from './lib/theme';
import './styles/index.css';

startTheme();
followLinks();
render(<App />, document.getElementById('app')!);
